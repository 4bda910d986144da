import type { PointerEvent, ReactNode } from 'react';
import type { Cell, SplitRun } from '#lab/split/run.ts';
import type { Progress } from '#lab/split/timeline.ts';
import type { Palette } from '#ui/components/canvas.ts';
import { Defined } from '#ui/components/term/Defined.tsx';
import { indexOf, slotAt } from './axis.ts';
import { ShardLabels } from './ChunkLabels.tsx';
import type { Plate } from './layout.ts';
import type { LitBox } from './lit.ts';
import { PlateCanvas } from './PlateCanvas.tsx';
import css from './stage.module.css';

interface PlateViewProps {
  readonly run: SplitRun;
  readonly plate: Plate;
  /** Pixels of a word. */
  readonly label: number;
  readonly progress: Progress;
  readonly palette: Palette;
  /** Null on all sheets of a stack but the last one, which lies highest. */
  readonly title: { readonly name: string; readonly shape: string; readonly left: number } | null;
  readonly below: string;
  /** How far it moves to the right when the sheets spread. */
  readonly fan: number;
  readonly lit: LitBox | null;
  /** Of the chunk in which the chosen element travels, as an SVG path. */
  readonly outline: string | null;
  /** Called with the element under the pointer, where the plate is Y or leads to it. */
  readonly onPoint: ((cell: Cell) => void) | null;
  readonly children?: ReactNode;
}

export function PlateView(props: PlateViewProps) {
  const { run, plate, label, progress, palette, title, below, fan, lit, outline, onPoint, children } = props;
  const isSheet = plate.kind === 'partial';
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const zoom = bounds.width / event.currentTarget.offsetWidth || 1; // on a large screen a class is shown more
    const row = slotAt(plate.rows, (event.clientY - bounds.top) / zoom);
    const col = slotAt(plate.cols, (event.clientX - bounds.left) / zoom);
    if (row !== undefined && col !== undefined) onPoint?.({ row: indexOf(row), col: indexOf(col) });
  };
  const hasTopLabels = plate.cols.shards.length > 0;
  const { left, top } = plate;
  const style = { left, top, width: plate.cols.extent, height: plate.rows.extent, '--fan': `${fan}px` };
  return (
    <div
      className={isSheet ? css['sheet'] : css['plate']}
      data-kind={plate.kind}
      data-rank={plate.rank ?? undefined}
      data-waiting={isSheet && progress.multiplied <= plate.product ? '' : undefined}
      style={style}
      onPointerMove={onPoint === null ? undefined : point}
      onPointerDown={onPoint === null ? undefined : point}
    >
      {title !== null && (
        <p
          className={css['name']}
          data-above-labels={hasTopLabels ? '' : undefined}
          style={{ left: title.left, marginBottom: plate.raised }}
        >
          <b>{title.name}</b> <span className="num">{title.shape}</span>
        </p>
      )}
      <ShardLabels axis={plate.cols} side="top" label={label} />
      <ShardLabels axis={plate.rows} side="left" label={label} />
      {plate.stored && (
        <>
          <span className={css['dim-0']}>dim 0: out</span>
          <span className={css['transposed']}>ᵀ</span>
        </>
      )}
      <PlateCanvas run={run} plate={plate} progress={progress} palette={palette} />
      {isSheet && <span className={css['sheet-rank']}>{plate.rank}</span>}
      {children}
      {lit !== null && (
        <svg
          className={css['overlay']}
          width={plate.cols.extent}
          height={plate.rows.extent}
          aria-hidden="true"
        >
          {outline !== null && <path className={css['followed']} d={outline} />}
          <rect
            className={css['lit']}
            x={lit.x - 2.5}
            y={lit.y - 2.5}
            width={lit.width + 4}
            height={lit.height + 4}
            rx="4"
          />
        </svg>
      )}
      {below !== '' && (
        <p className={css['below']}>
          <Defined text={below} />
        </p>
      )}
    </div>
  );
}
