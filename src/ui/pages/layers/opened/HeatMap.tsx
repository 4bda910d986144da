import { type PointerEvent, useCallback, useState } from 'react';
import type { Preview } from '#numerics/preview.ts';
import { CellGrid } from '#ui/components/CellGrid.tsx';
import { usePalette } from '#ui/components/canvas.ts';
import type { CellPlace } from '#ui/components/gridKeys.ts';
import { PixelCanvas } from '#ui/components/PixelCanvas.tsx';
import { cellAt, heatGrid } from './heatGrid.ts';
import css from './opened.module.css';
import { cellText } from './openedWords.ts';
import { paintHeat } from './paintHeat.ts';

interface HeatMapProps {
  readonly name: string;
  readonly preview: Preview;
  /** The value of full strength. */
  readonly max: number;
  /** Whose colour it has; null for what all ranks hold. */
  readonly rank: number | null;
  readonly width: number;
  readonly axes: string;
}

/** Values as cells, the stronger the larger; the one that is pointed at in numbers. */
export function HeatMap({ name, preview, max, rank, width, axes }: HeatMapProps) {
  const palette = usePalette();
  const [pointed, setPointed] = useState<CellPlace | null>(null);
  const grid = heatGrid(preview, width);
  const [wide, high] = [grid.cols * grid.cellWidth, grid.rows * grid.cellHeight];
  const paint = useCallback(
    (ctx: CanvasRenderingContext2D) =>
      paintHeat(ctx, heatGrid(preview, width), preview, { max, rank, palette }),
    [preview, width, max, rank, palette],
  );

  const cell =
    pointed === null
      ? null
      : { row: Math.min(pointed.row, grid.rows - 1), col: Math.min(pointed.col, grid.cols - 1) };
  const focused = cell ?? { row: 0, col: 0 };
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const bounds = event.currentTarget.getBoundingClientRect();
    setPointed(cellAt(grid, event.clientX - bounds.left, event.clientY - bounds.top));
  };
  return (
    <figure>
      <div
        className={css['map']}
        style={{ width: wide, height: high }}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setPointed(null)}
      >
        <PixelCanvas width={wide} height={high} paint={paint} />
        <CellGrid
          label={`Values of ${name}`}
          size={grid}
          place={focused}
          cell={cellText(preview, focused)}
          box={{
            left: focused.col * grid.cellWidth,
            top: focused.row * grid.cellHeight,
            width: grid.cellWidth,
            height: grid.cellHeight,
          }}
          pointed={cell !== null}
          onGo={setPointed}
          onBlur={() => setPointed(null)}
        />
      </div>
      <figcaption className={`num row tiny ${css['caption']}`}>
        <span className={css['axes']}>{axes}</span>
        <span>{cell === null ? '' : cellText(preview, cell)}</span>
      </figcaption>
    </figure>
  );
}
