import { type PointerEvent, useCallback, useState } from 'react';
import { CellGrid } from '#ui/components/CellGrid.tsx';
import { usePalette } from '#ui/components/canvas.ts';
import type { CellPlace } from '#ui/components/gridKeys.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { PixelCanvas } from '#ui/components/PixelCanvas.tsx';
import { shownText } from '../lead/words.ts';
import type { AttentionHead } from './attentionHeads.ts';
import css from './headMap.module.css';
import { headCellAt, outlineOf, paintHeads, ROW } from './headMap.ts';

interface HeadMapProps {
  readonly heads: readonly AttentionHead[];
  /** The text of each token. */
  readonly tokens: readonly string[];
  /** The head that the others step back behind; null for none. */
  readonly chosen: number | null;
}

/** A row a head, a cell a token: darker where it looks more; the cell that is pointed at in words. */
export function HeadMap({ heads, tokens, chosen }: HeadMapProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const palette = usePalette();
  const [pointed, setPointed] = useState<CellPlace | null>(null);
  const count = tokens.length;
  const size = { width, count };
  const paint = useCallback(
    (ctx: CanvasRenderingContext2D) => paintHeads(ctx, heads, { width, count, chosen, palette }),
    [heads, width, count, chosen, palette],
  );
  const place = within(pointed ?? { row: 0, col: 0 }, heads.length, count);
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setPointed(headCellAt(heads, size, { x: event.clientX - left, y: event.clientY - top }));
  };
  return (
    <figure>
      <p className={css['about']}>
        A row for each head, a column for each token, the first at the left: the stronger, the more.
      </p>
      <div className={css['rows']}>
        <div aria-hidden="true">
          {heads.map(({ index, rank }) => (
            <span key={index} className={css['head']} data-rank={rank} style={{ height: ROW }}>
              {index}
            </span>
          ))}
        </div>
        <div
          ref={ref}
          className={css['map']}
          style={{ height: heads.length * ROW }}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setPointed(null)}
        >
          <PixelCanvas width={width} height={heads.length * ROW} paint={paint} className={css['canvas']} />
          <CellGrid
            label={`${heads.length} heads by ${count} tokens`}
            size={{ rows: heads.length, cols: count }}
            place={place}
            cell={cellText(heads, tokens, place)}
            box={outlineOf(place, size)}
            pointed={pointed !== null}
            onGo={setPointed}
            onBlur={() => setPointed(null)}
          />
        </div>
      </div>
      <figcaption className={`num ${css['caption']}`}>
        {pointed === null ? '' : cellText(heads, tokens, place)}
      </figcaption>
    </figure>
  );
}

/** A place of a map that may have become smaller. */
function within({ row, col }: CellPlace, rows: number, cols: number): CellPlace {
  return { row: Math.min(row, rows - 1), col: Math.min(col, cols - 1) };
}

/** "head 3, on rank 1, “␣cat”, token 12: 4.2 %" */
function cellText(
  heads: readonly AttentionHead[],
  tokens: readonly string[],
  { row, col }: CellPlace,
): string {
  const head = heads[row];
  if (head === undefined) return '';
  const share = `${(100 * (head.weights[col] ?? 0)).toFixed(1)} %`;
  return `head ${head.index}, on rank ${head.rank}, “${shownText(tokens[col] ?? '')}”, token ${col + 1}: ${share}`;
}
