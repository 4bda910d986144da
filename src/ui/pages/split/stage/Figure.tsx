import { useCallback, useMemo } from 'react';
import type { Cell, SplitRun } from '#lab/split/run.ts';
import { progressAt } from '#lab/split/timeline.ts';
import { CellGrid } from '#ui/components/CellGrid.tsx';
import { usePalette } from '#ui/components/canvas.ts';
import type { CellPlace } from '#ui/components/gridKeys.ts';
import { useSplit } from '../useSplit.ts';
import { indexAt, placeOf, slotOf } from './axis.ts';
import { ChunkLabels } from './ChunkLabels.tsx';
import { captionOf } from './captions.ts';
import { chunksAt } from './cells.ts';
import { dependenciesOf } from './dependencies.ts';
import { chunkPath, followedChunk } from './follow.ts';
import { joinsOf } from './joins.ts';
import type { Plate, StageLayout } from './layout.ts';
import { litBox } from './lit.ts';
import { PlateView } from './PlateView.tsx';
import css from './stage.module.css';

interface FigureProps {
  readonly run: SplitRun;
  readonly layout: StageLayout;
  /** Nothing can be pointed at. */
  readonly still: boolean;
  /** Y is here, and can be gone through by key. */
  readonly hasCells?: boolean;
}

/** The matrices of the equation at the scrubber's moment, with what the chosen cell of Y was made from. */
export function Figure({ run, layout, still, hasCells = true }: FigureProps) {
  const at = useSplit((state) => state.at);
  const cell = useSplit((state) => state.selected);
  const select = useSplit((state) => state.select);
  const palette = usePalette();
  const progress = useMemo(() => progressAt(run.timeline, at), [run, at]);
  const chunks = useMemo(() => chunksAt(run, progress.ringSteps), [run, progress.ringSteps]);
  const { output, products, config } = run.plan;
  const inside = cell !== null && cell.row < output.rows && cell.col < output.cols ? cell : null;
  const dependencies = useMemo(
    () => (inside === null ? [] : dependenciesOf(run.plan, inside.row, inside.col)),
    [run, inside],
  );
  const followed = followedChunk(run.plan, inside);
  const pointAt = useCallback(
    (next: Cell) => {
      if (next.row !== inside?.row || next.col !== inside.col) select(next);
    },
    [inside, select],
  );

  const joins = useMemo(() => joinsOf(layout.plates), [layout]);
  const lastProduct = products.length - 1;
  const { moment } = progress;
  const fanned = moment.phase === 'multiply' && moment.product === lastProduct;
  const isY = ({ kind, product }: Plate): boolean =>
    product === lastProduct && (kind === 'product' || kind === 'partial' || kind === 'output');
  return (
    <div
      className={css['figure']}
      data-fanned={fanned ? '' : undefined}
      style={{ width: layout.width, height: layout.height }}
    >
      {joins.length > 0 && (
        <svg className={css['joins']} width={layout.width} height={layout.height} aria-hidden="true">
          {joins.map(({ rank, path }) => (
            <path key={rank} data-rank={rank} d={path} />
          ))}
        </svg>
      )}
      {layout.signs.map(({ text, left, width, top }) => (
        <span
          key={`${left} ${top}`}
          className={css['sign']}
          data-word={text.length > 4 ? '' : undefined}
          style={{ left, top, width }}
        >
          {text}
        </span>
      ))}
      {layout.plates.map((plate, index) => {
        const sheet = plate.kind === 'partial' ? (plate.rank ?? 0) : 0;
        // Of a stack of sheets the last lies highest and has the name; the first has the words below.
        const isTop = plate.kind !== 'partial' || sheet === config.worldSize - 1;
        const caption = captionOf(run.plan, plate, progress, chunks);
        return (
          <PlateView
            key={plate.id}
            run={run}
            plate={plate}
            label={layout.label}
            progress={progress}
            palette={palette}
            title={isTop ? { ...caption, left: -sheet * layout.sheet.dx } : null}
            below={sheet === 0 ? caption.below : ''}
            fan={sheet * layout.sheet.fan}
            lit={litBox(plate, dependencies)}
            outline={followed === null ? null : chunkPath(run.plan, plate, followed)}
            onPoint={isY(plate) && !still ? pointAt : null}
          >
            {plate.kind === 'output' && chunks !== null && (
              <ChunkLabels
                plan={run.plan}
                plate={plate}
                label={layout.label}
                chunks={chunks}
                progress={progress}
              />
            )}
            {!still && hasCells && index === layout.plates.length - 1 && (
              <Cells plate={plate} cell={inside} onPoint={select} />
            )}
          </PlateView>
        );
      })}
    </div>
  );
}

interface CellsProps {
  readonly plate: Plate;
  readonly cell: Cell | null;
  readonly onPoint: (cell: Cell | null) => void;
}

/** Y for the keyboard. */
function Cells({ plate: { rows, cols, name }, cell, onPoint }: CellsProps) {
  const at = cell ?? { row: 0, col: 0 };
  const row = slotOf(rows, at.row);
  const col = slotOf(cols, at.col);
  if (row === undefined || col === undefined) return null;
  const place = { row: placeOf(rows, at.row), col: placeOf(cols, at.col) };
  // Of a block that is come to from another, the element in its middle; else the one that it was.
  const cellAt = (to: CellPlace): Cell =>
    to.row === place.row && to.col === place.col
      ? at
      : { row: indexAt(rows, to.row), col: indexAt(cols, to.col) };
  return (
    <CellGrid
      label={`Cells of ${name}`}
      size={{ rows: rows.slots.length, cols: cols.slots.length }}
      place={place}
      cell={`${name}, row ${at.row}, column ${at.col}`}
      box={{ left: col.at, top: row.at, width: col.size - 1, height: row.size - 1 }}
      onGo={(to) => onPoint(to && cellAt(to))}
    />
  );
}
