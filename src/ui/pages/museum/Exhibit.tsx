import type { CSSProperties } from 'react';
import type { MuseumRun } from '#lab/museum/store.ts';
import { type ExhibitId, MUSEUM } from '#program/museum.ts';
import type { MuseumRankResult } from '#protocol/lessons.ts';
import { Tokens } from '#ui/components/code/Code.tsx';
import code from '#ui/components/code/code.module.css';
import { Panel, RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatFloat } from '#ui/format.ts';
import css from './museum.module.css';
import { useMuseum } from './useMuseum.ts';
import { EXHIBIT_WORDS } from './words.ts';

/** y of each rank, cell by cell against one rank's, and the lines that make the difference. */
export function Exhibit({ exhibit }: { readonly exhibit: ExhibitId }) {
  const run = useMuseum((state) => state.run);
  const { mended } = useMuseum((state) => state.visit);
  const stale = useMuseum((state) => state.run?.visit !== state.visit);
  const { wrong, right } = EXHIBIT_WORDS[exhibit];
  return (
    <>
      <Panel
        title="y on each rank"
        hint="a cell is red where it is not what one rank computes, the more the redder"
      >
        <div className={`stack gap-4 pad-all ${css['maps']}`} data-stale={stale || undefined}>
          {run === null ? (
            <p className={css['empty']}>Drawn once the ranks have run it.</p>
          ) : (
            <Maps run={run} />
          )}
        </div>
      </Panel>
      <Panel title="The line in PyTorch" hint={mended ? 'mended' : 'as it was shipped'}>
        <ScrollRegion label="The lines, wrong and right" className={code['code']}>
          <Lines lines={wrong} mark="−" chosen={!mended} />
          <Lines lines={right} mark="+" chosen={mended} />
        </ScrollRegion>
      </Panel>
    </>
  );
}

function Maps({ run: { ranks } }: { readonly run: MuseumRun }) {
  const most = Math.max(1e-12, ...ranks.map(({ check }) => check.maxAbsError));
  return ranks.map((result) => <RankMap key={result.rank} result={result} most={most} />);
}

function RankMap({ result, most }: { readonly result: MuseumRankResult; readonly most: number }) {
  const { rank, values, expected, check } = result;
  const errors = Array.from(values, (value, i) => Math.abs(value - (expected[i] ?? Number.NaN)));
  const worst = errors.indexOf(Math.max(...errors));
  const wrong = errors.filter((error) => !(error <= check.tolerance)).length;
  const columns = Math.max(1, Math.round(values.length / MUSEUM.tokens));
  return (
    <figure>
      <figcaption>
        <RankBadge rank={rank} /> <b className="num">{wrong}</b> of {values.length} cells wrong
      </figcaption>
      <div
        className={css['cells']}
        data-single={columns === 1 || undefined}
        style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
        aria-hidden="true"
      >
        {errors.map((error, i) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
            key={i}
            data-wrong={!(error <= check.tolerance) || undefined}
            style={{ '--share': `${Math.round(20 + (80 * error) / most)}%` } as CSSProperties}
          />
        ))}
      </div>
      <p className="num">
        y[{columns === 1 ? worst : `${Math.floor(worst / columns)}, ${worst % columns}`}] ={' '}
        {formatFloat(values[worst] ?? Number.NaN)}; one rank: {formatFloat(expected[worst] ?? Number.NaN)}
      </p>
    </figure>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly mark: string;
  /** Whether the ranks run these. */
  readonly chosen: boolean;
}

function Lines({ lines, mark, chosen }: LinesProps) {
  return (
    <pre
      className={css['lines']}
      data-mark={mark === '+' ? 'right' : 'wrong'}
      data-chosen={chosen || undefined}
    >
      {lines.map((line) => (
        <code key={line}>
          {mark} <Tokens text={line} />
          {'\n'}
        </code>
      ))}
    </pre>
  );
}
