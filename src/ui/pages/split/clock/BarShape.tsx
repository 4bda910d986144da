import type { Bar } from './bars.ts';
import css from './clock.module.css';
import type { LaneRow } from './clockRows.ts';

export function BarShape({ bar, row }: { readonly bar: Bar; readonly row: LaneRow | undefined }) {
  if (row === undefined) return null;
  const { kind, x, width, rank } = bar;
  const slim = kind === 'wait' ? 3 : 0;
  return (
    <g data-rank={rank}>
      <rect
        className={css[`bar-${kind}`]}
        x={x}
        y={row.top + slim}
        width={width}
        height={row.height - 2 * slim}
        rx={Math.min(3, width / 2)}
      />
    </g>
  );
}
