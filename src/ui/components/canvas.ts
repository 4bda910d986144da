/** What is painted on a canvas: the theme’s colours, and values as cells, whose colour is the rank’s and whose strength is the size. */

import { useSyncExternalStore } from 'react';

export interface Palette {
  readonly ranks: readonly string[];
  /** For what every rank holds. */
  readonly neutral: string;
  readonly waiting: string;
  readonly panel: string;
  readonly ink: string;
  readonly mono: string;
}

let palette: Palette | null = null;

/** The theme’s colours, where custom properties do not reach. */
export function usePalette(): Palette {
  return useSyncExternalStore(subscribe, current);
}

/** Reads anew when the theme or the system's colours change, and when a font arrives that numbers are painted in. */
function subscribe(changed: () => void): () => void {
  const refresh = (): void => {
    palette = null;
    changed();
  };
  const observer = new MutationObserver(refresh);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const forced = matchMedia('(forced-colors: active)');
  forced.addEventListener('change', refresh);
  document.fonts.addEventListener('loadingdone', refresh);
  return () => {
    observer.disconnect();
    forced.removeEventListener('change', refresh);
    document.fonts.removeEventListener('loadingdone', refresh);
  };
}

function current(): Palette {
  if (palette === null) {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    palette = {
      ranks: Array.from({ length: 8 }, (_, rank) => token(`--r${rank}`)),
      neutral: token('--ink2'),
      waiting: token('--line'),
      panel: token('--panel'),
      ink: token('--ink'),
      mono: token('--mono'),
    };
  }
  return palette;
}

/** Cells smaller than this have no room for a minus sign. */
export const MARK_SIZE = 5;

/** From 0 to 1. Most values are far from the largest: the root keeps them apart from nothing. */
export function strengthOfValue(value: number, max: number): number {
  return max === 0 ? 0 : Math.min(1, (Math.abs(value) / max) ** 0.7);
}

/** Below zero: a minus sign, cut out of a strong cell and drawn on a pale one. */
export function paintMinus(
  ctx: CanvasRenderingContext2D,
  cell: { x: number; y: number; width: number; height: number },
  strength: number,
  palette: Palette,
): void {
  const side = Math.min(cell.width, cell.height);
  const length = Math.max(2, side * 0.36);
  const weight = Math.max(1, side * 0.085);
  ctx.globalAlpha = strength > 0.35 ? 0.9 : 0.55;
  if (strength > 0.35) ctx.fillStyle = palette.panel;
  ctx.fillRect(cell.x + (cell.width - length) / 2, cell.y + (cell.height - weight) / 2, length, weight);
}
