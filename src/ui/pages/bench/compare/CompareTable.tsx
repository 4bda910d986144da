import { useMemo, useState } from 'react';
import { type Comparison, verdictOf } from '#lab/bench/compare.ts';
import { ScrollRegion } from '#ui/components/ScrollRegion.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import { opLabel, placeLabel, shapeLabel } from '../series.ts';
import { MoreRows, ROWS_AT_ONCE } from '../table/MoreRows.tsx';
import { intervalText } from './intervalText.ts';
import { RatioBar } from './RatioBar.tsx';

/** Cell by cell, what differs most first. */
export function CompareTable({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  const rows = useMemo(() => {
    const size = ({ ratio }: Comparison): number => Math.abs(Math.log(ratio.value));
    return comparisons.toSorted((a, b) => size(b) - size(a));
  }, [comparisons]);
  const [most, setMost] = useState(ROWS_AT_ONCE);
  if (rows.length === 0) return null;
  return (
    <ScrollRegion label="Comparison, table" className="bench-scroll">
      <table className="table bench-table">
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
              key={`${one.op} ${one.backend} ${one.placement} ${one.transport} ${one.worldSize} ${shapeLabel(one)} ${one.bytes} ${one.variant}`}
            >
              <th scope="row">
                {[opLabel(one.op), shapeLabel(one) || formatBytes(one.bytes), one.variant].join(' ')}
              </th>
              <td className="bench-word">
                {placeLabel(one)}, {counted(one.worldSize, 'rank')}
              </td>
              <td className="num">{ratio.value.toFixed(3)}</td>
              <td className="num">{intervalText(ratio)}</td>
              <td>{doubt === '' && <RatioBar {...ratio} />}</td>
              <td className="bench-word" data-verdict={doubt === '' ? verdictOf(ratio) : 'not counted'}>
                {doubt === '' ? verdictOf(ratio) : `not counted: ${doubt}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MoreRows most={most} total={rows.length} onMore={setMost} />
    </ScrollRegion>
  );
}
