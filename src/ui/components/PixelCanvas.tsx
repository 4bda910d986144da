import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';

interface PixelCanvasProps {
  /** Of what is painted, before any zoom. */
  readonly width: number;
  readonly height: number;
  /** Onto an empty canvas whose units are those of `width`; another function is another picture. */
  readonly paint: (ctx: CanvasRenderingContext2D) => void;
  readonly className?: string | undefined;
}

/** A picture in the pixels of the screen, painted anew when it, its size or the screen changes. */
export function PixelCanvas({ width, height, paint, className }: PixelCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const screen = useSyncExternalStore(subscribe, () => devicePixelRatio);
  useLayoutEffect(() => {
    const canvas = ref.current;
    const ctx = canvas?.getContext('2d') ?? null;
    if (canvas === null || ctx === null) return;
    // In a classroom everything is zoomed, and this too is to be sharp. Older engines do not say how much.
    const ratio = Math.max(1, screen * (canvas.currentCSSZoom ?? 1));
    const [pixelWidth, pixelHeight] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
    // A new size is a new buffer, which costs more than to wipe the one that is there.
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    paint(ctx);
  }, [width, height, paint, screen]);
  return <canvas ref={ref} className={className} style={{ width, height }} />;
}

/** Tells of another zoom of the browser, or another screen: a query holds for one ratio alone, so each asks for the next. */
function subscribe(changed: () => void): () => void {
  let list = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const onChange = (): void => {
    list.removeEventListener('change', onChange);
    list = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    list.addEventListener('change', onChange);
    changed();
  };
  list.addEventListener('change', onChange);
  return () => list.removeEventListener('change', onChange);
}
