import { ScrollRegion } from '#ui/components/Panel.tsx';
import { formatMs } from '#ui/format.ts';
import { digits } from '../units.ts';
import type { PaperRow } from './paper.ts';
import css from './whatIf.module.css';

interface PaperTableProps {
  readonly rows: readonly PaperRow[];
  readonly chosen: number;
}

/** The same layout over tensor-parallel degrees. */
export function PaperTable({ rows, chosen }: PaperTableProps) {
  const longest = Math.max(...rows.map(({ cost }) => cost.stepMs));
  return (
    <ScrollRegion label="Tensor-parallel degrees on paper, table">
      <table className={`table ${css['table']}`}>
        <thead>
          <tr>
            <th scope="col">tensor</th>
            <th scope="col">GPUs</th>
            <th scope="col">step</th>
            <th scope="col">tokens/s a GPU</th>
            <th scope="col">GB a GPU</th>
            <th scope="col" className={css['bar-head']}>
              <i data-part="compute" /> compute <i data-part="ring" /> tensor <i data-part="bubble" /> bubble{' '}
              <i data-part="data" /> stages and copies
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ tensor, cost }) => (
            <tr key={tensor} data-shown={tensor === chosen || undefined}>
              <th scope="row" className="num">
                {tensor}
              </th>
              <td className="num">{cost.ranks.toLocaleString('en')}</td>
              <td className="num">{formatMs(cost.stepMs)}</td>
              <td className="num">{digits(cost.tokensPerSecondPerGpu)}</td>
              <td className="num">
                {digits(cost.memoryGB)}
                {!cost.fits && ' ✗'}
              </td>
              <td className={css['bar']}>
                {(
                  [
                    ['compute', cost.computeMs],
                    ['ring', cost.tensorMs],
                    ['bubble', cost.bubbleMs],
                    ['data', cost.outerMs],
                  ] as const
                ).map(([part, ms]) => (
                  <span key={part} data-part={part} style={{ width: `${(100 * ms) / longest}%` }} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
