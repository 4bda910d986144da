import { memo, useCallback } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import type { Progress } from '#lab/split/timeline.ts';
import type { Palette } from '#ui/components/canvas.ts';
import { PixelCanvas } from '#ui/components/PixelCanvas.tsx';
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
  const paint = useCallback(
    (ctx: CanvasRenderingContext2D) => paintPlate(ctx, plate, looksOf(run, plate, progress), palette),
    [run, plate, progress, palette],
  );
  return (
    <PixelCanvas
      width={Math.ceil(plate.cols.extent)}
      height={Math.ceil(plate.rows.extent)}
      paint={paint}
      className={css['canvas']}
    />
  );
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
