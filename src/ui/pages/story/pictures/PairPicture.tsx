import { useState } from 'react';
import type { PairCut } from '#program/cutPair.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatBytes, formatError } from '#ui/format.ts';
import { leastOf, pair } from '../chapters/pair.ts';
import { Computing } from './ProductPicture.tsx';
import { Products } from './Products.tsx';
import look from './pair.module.css';
import css from './picture.module.css';
import { useChapter } from './useChapter.ts';

/** The two weights with their cuts, and what the ranks had to send for each pair of cuts. */
export function PairPicture() {
  const { given, answer, found } = useChapter(pair);
  const [looked, setLooked] = useState<Cuts | null>(null);
  if (given === null) return <Computing />;
  const { sizes } = given;
  const predicted: Cuts = { first: cutOf(answer['first']), second: cutOf(answer['second']) };
  // The answer, once it is there; and any other pair that the learner would see.
  const shown = found === null ? predicted : (looked ?? leastOf(found).config);
  return (
    <Panel title="X·A = H, then H·B = Y" hint="each colour is the shard of a rank">
      <Products sizes={sizes} first={shown.first} second={shown.second} />
      <ScrollRegion label="All pairs of cuts">
        <table className={`table ${look['pairs']}`}>
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
              const isShown = a === shown.first && b === shown.second;
              return (
                <tr key={`${a} ${b}`} data-chosen={isShown ? '' : undefined}>
                  <td>
                    {run === undefined ? (
                      `by ${a}, by ${b}`
                    ) : (
                      <button
                        type="button"
                        className={`bare ${look['see']}`}
                        aria-pressed={isShown}
                        onClick={() => setLooked({ first: a, second: b })}
                      >
                        by {a}, by {b}
                      </button>
                    )}
                    {found !== null && a === predicted.first && b === predicted.second && (
                      <span className={look['yours']}>yours</span>
                    )}
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

interface Cuts {
  readonly first: PairCut | null;
  readonly second: PairCut | null;
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
