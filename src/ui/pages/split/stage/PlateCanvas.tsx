import { memo, useLayoutEffect, useRef } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import type { Progress } from '#lab/split/timeline.ts';
import type { Palette } from '#ui/components/canvas.ts';
import { looksOf } from './cells.ts';
import type { Plate } from './layout.ts';
import { paintPlate } from './paint.ts';
import css from './stage.module.css';

interface PlateCanvasProps {
  readonly run: SplitRun;
  readonly plate: Plate;
  readonly progress: Progress;
  readonly palette: Palette;
}

export const PlateCanvas = memo(function PlateCanvas({ run, plate, progress, palette }: PlateCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const width = Math.ceil(plate.cols.extent);
  const height = Math.ceil(plate.rows.extent);
  useLayoutEffect(() => {
    const canvas = ref.current;
    const ctx = canvas?.getContext('2d') ?? null;
    if (canvas === null || ctx === null) return;
    // In a classroom everything is zoomed, and this too is to be sharp. Older engines do not say how much.
    const ratio = Math.max(1, window.devicePixelRatio * (canvas.currentCSSZoom ?? 1));
    const [pixelWidth, pixelHeight] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
    // A new size is a new buffer, which costs more than to wipe the one that is there.
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    paintPlate(ctx, plate, looksOf(run, plate, progress), palette);
  }, [run, plate, progress, palette, width, height]);
  return <canvas ref={ref} className={css['canvas']} style={{ width, height }} />;
}, isUnchanged);

/** X and W look the same at every moment, and a product changes once: they are not painted again for the rest. */
function isUnchanged(before: PlateCanvasProps, after: PlateCanvasProps): boolean {
  if (before.run !== after.run || before.plate !== after.plate || before.palette !== after.palette)
    return false;
  const [a, b] = [before.progress, after.progress];
  switch (after.plate.kind) {
    case 'input':
    case 'weight':
      return true;
    case 'partial':
      return a.multiplied === b.multiplied;
    case 'product':
      return a.multiplied === b.multiplied && a.biased === b.biased;
    case 'output':
      return a.ringSteps === b.ringSteps && a.biased === b.biased;
    default:
      return after.plate.kind satisfies never;
  }
}
