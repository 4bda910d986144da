import type { PairCut } from '#program/cutPair.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatBytes, formatError } from '#ui/format.ts';
import { pair } from '../chapters/pair.ts';
import { Computing } from './ProductPicture.tsx';
import { Products } from './Products.tsx';
import css from './picture.module.css';
import { useChapter } from './useChapter.ts';

/** The two weights with their cuts, and what the ranks had to send for each pair of cuts. */
export function PairPicture() {
  const { given, answer, found } = useChapter(pair);
  if (given === null) return <Computing />;
  const { sizes } = given;
  const first = cutOf(answer['first']);
  const second = cutOf(answer['second']);
  return (
    <Panel title="X·A = H, then H·B = Y" hint="each colour is the shard of a rank">
      <Products sizes={sizes} first={first} second={second} />
      <ScrollRegion label="All pairs of cuts">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">A, B</th>
              <th scope="col">Collectives that ran</th>
              <th scope="col">Sent by a rank</th>
              <th scope="col">Largest error</th>
            </tr>
          </thead>
          <tbody>
            {pairs().map(([a, b]) => {
              const run = found?.find(({ config }) => config.first === a && config.second === b);
              return (
                <tr key={`${a} ${b}`} data-chosen={a === first && b === second ? '' : undefined}>
                  <td>
                    by {a}, by {b}
                  </td>
                  <td>{run === undefined ? '?' : run.ran.map(named).join(' + ')}</td>
                  <td className="num">{run === undefined ? '?' : formatBytes(run.bytesSent)}</td>
                  <td className="num">
                    {run === undefined
                      ? '?'
                      : `${run.check.pass ? '✓' : '✗'} ${formatError(run.check.maxAbsError)}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      {found !== null && (
        <p className={css['note']}>
          {found.every(({ planned, ran }) => planned.join() === ran.join())
            ? 'The plan of each pair had the very collectives that the ranks ran.'
            : 'The ranks ran other collectives than planned: that is a bug of this page.'}{' '}
          Every Y was held against float64.
        </p>
      )}
    </Panel>
  );
}

const CUTS: readonly PairCut[] = ['columns', 'rows'];

function pairs(): [PairCut, PairCut][] {
  return CUTS.flatMap((a) => CUTS.map((b): [PairCut, PairCut] => [a, b]));
}

function cutOf(answer: unknown): PairCut | null {
  return answer === 'columns' || answer === 'rows' ? answer : null;
}

function named(kind: string): string {
  return kind.replace('_', '-');
}
