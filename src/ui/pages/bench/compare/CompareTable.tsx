import { useMemo, useState } from 'react';
import { type Comparison, changeOf } from '#lab/bench/compare.ts';
import type { Interval } from '#numerics/statistics.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import { layerPlaceLabel, opLabel, shapeLabel } from '../series.ts';
import { MoreRows, ROWS_AT_ONCE } from '../table/ResultRow.tsx';
import table from '../table/table.module.css';
import css from './compare.module.css';

/** Cell by cell, what differs most first. */
export function CompareTable({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  const rows = useMemo(() => {
    const size = ({ ratio }: Comparison): number => Math.abs(Math.log(ratio.value));
    return comparisons.toSorted((a, b) => size(b) - size(a));
  }, [comparisons]);
  const [most, setMost] = useState(ROWS_AT_ONCE);
  if (rows.length === 0) return null;
  return (
    <ScrollRegion label="Comparison, table" className={table['scroll']}>
      <table className={`table ${table['table']}`}>
        <thead>
          <tr>
            <th scope="col">cell</th>
            <th scope="col">on</th>
            <th scope="col">time ÷ base</th>
            <th scope="col">95 % interval</th>
            <th scope="col">½ … 2</th>
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map(({ case: one, ratio, doubt }) => (
            <tr
              key={`${one.op} ${one.backend} ${one.placement} ${one.transport} ${one.worldSize} ${JSON.stringify(one.shape)} ${one.bytes} ${one.variant}`}
            >
              <th scope="row">
                {[opLabel(one.op), shapeLabel(one) || formatBytes(one.bytes), one.variant].join(' ')}
              </th>
              <td className={table['word']}>
                {layerPlaceLabel(one)}, {counted(one.worldSize, 'rank')}
              </td>
              <td className="num">{ratio.value.toFixed(3)}</td>
              <td className="num">{intervalText(ratio)}</td>
              <td>{doubt === '' && <RatioBar {...ratio} />}</td>
              <td className={table['word']} data-verdict={doubt === '' ? changeOf(ratio) : 'not counted'}>
                {doubt === '' ? changeOf(ratio) : `not counted: ${doubt}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MoreRows most={most} total={rows.length} onMore={setMost} />
    </ScrollRegion>
  );
}

const WIDTH = 120;
/** A factor of two to each side. */
const REACH = Math.log(2);

/** The interval around its value, on a logarithmic axis with 1 in the middle. */
function RatioBar(ratio: Interval) {
  const { value, low, high } = ratio;
  const at = (one: number): number => {
    const share = Math.max(-1, Math.min(1, Math.log(one) / REACH));
    return 4 + ((share + 1) / 2) * (WIDTH - 8);
  };
  return (
    <svg
      className={css['ratio-bar']}
      width={WIDTH}
      height="16"
      viewBox={`0 0 ${WIDTH} 16`}
      aria-hidden="true"
      data-kind={changeOf(ratio)}
    >
      <line x1={WIDTH / 2} x2={WIDTH / 2} y1="1" y2="15" className={css['ratio-one']} />
      <line x1={at(low)} x2={at(high)} y1="8" y2="8" className={css['ratio-interval']} />
      <circle cx={at(value)} cy="8" r="3.5" />
    </svg>
  );
}

/** "0.990 … 1.012"; "0 … ∞" of single times, which say nothing of the next. */
export function intervalText({ low, high }: Interval): string {
  return high === Number.POSITIVE_INFINITY ? '0 … ∞' : `${low.toFixed(3)} … ${high.toFixed(3)}`;
}
