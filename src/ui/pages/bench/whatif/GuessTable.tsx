import type { BenchResult } from '#bench/record.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { formatMs } from '#ui/format.ts';
import { formatTimes } from '#ui/units.ts';
import css from './whatIf.module.css';
import type { Guess } from './whatIf.ts';

interface GuessTableProps {
  /** One a number of ranks; null where it cannot be said. */
  readonly guesses: readonly (Guess | null)[];
  /** The same layer, where it was measured. */
  readonly measured: readonly BenchResult[];
  /** Why some cannot be said. */
  readonly missing: string;
}

/** Predicted times over the number of ranks, beside the measured ones. */
export function GuessTable({ guesses, measured, missing }: GuessTableProps) {
  const known = guesses.filter((guess) => guess !== null);
  const longest = Math.max(...known.map(({ computeMs, commMs }) => computeMs + commMs));
  const one = known.find(({ ranks }) => ranks === 1);
  const some = known.some(({ ranks }) => measured.some(({ worldSize }) => worldSize === ranks));
  return (
    <>
      <ScrollRegion label="Prediction, table">
        <table className={`table ${css['table']}`}>
          <thead>
            <tr>
              <th scope="col">ranks</th>
              <th scope="col">computing</th>
              <th scope="col">ring</th>
              <th scope="col">in all</th>
              {some && <th scope="col">measured</th>}
              <th scope="col">speed-up</th>
              <th scope="col" className={css['bar-head']}>
                <i data-part="compute" /> computing <i data-part="ring" /> ring
              </th>
            </tr>
          </thead>
          <tbody>
            {known.map(({ ranks, computeMs, commMs }) => {
              const real = measured.find(({ worldSize }) => worldSize === ranks);
              return (
                <tr key={ranks}>
                  <th scope="row" className="num">
                    {ranks}
                  </th>
                  <td className="num">{formatMs(computeMs)}</td>
                  <td className="num">{formatMs(commMs)}</td>
                  <td className="num">{formatMs(computeMs + commMs)}</td>
                  {some && <td className="num">{real === undefined ? '–' : formatMs(real.medianMs)}</td>}
                  <td className="num">
                    {one === undefined
                      ? '–'
                      : formatTimes((one.computeMs + one.commMs) / (computeMs + commMs))}
                  </td>
                  <td className={css['bar']}>
                    <span data-part="compute" style={{ width: `${(100 * computeMs) / longest}%` }} />
                    <span data-part="ring" style={{ width: `${(100 * commMs) / longest}%` }} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      {known.length < guesses.length && <p className={`quiet pad ${css['note']}`}>{missing}</p>}
    </>
  );
}
