import { useMemo, useRef, useState } from 'react';
import type { CellProbe, SplitRun } from '#lab/split/run.ts';
import { progressAt } from '#lab/split/timeline.ts';
import { byInput } from '#ui/components/onScreen.ts';
import { formatError, formatFloat } from '#ui/format.ts';
import { useSplit } from '../useSplit.ts';
import { chunksAt } from './cells.ts';
import { followedChunk, probeMomentOf } from './follow.ts';
import { ProbeEquation } from './ProbeEquation.tsx';
import { ProbeTerms } from './ProbeTerms.tsx';
import css from './probe.module.css';
import { type ProbeSum, probeSumOf, spokenSum } from './probeSum.ts';

interface ProbeReadoutProps {
  readonly run: SplitRun;
  /** Cells stand for blocks, and the probe reads the element in the middle. */
  readonly blocks: boolean;
}

/** The equation of the element that is pointed at, with the numbers that the ranks hold. */
export function ProbeReadout({ run, blocks }: ProbeReadoutProps) {
  const cell = useSplit((state) => state.selected);
  const gone = useSplit((state) => !state.alive && state.phase === 'idle');
  const latest = useFound(run);
  const found = gone && latest?.isFresh === false ? null : latest; // nobody is left to answer for another cell
  const { rows, cols } = run.plan.output;
  const name = nameOf(run);
  const readout = useRef<HTMLDivElement>(null);
  const select = useSplit((state) => state.select);
  const clear = () => {
    select(null);
    readout.current?.focus(); // the button goes with the numbers, and what is in their place is read out
  };
  const isInside = cell !== null && cell.row < rows && cell.col < cols;
  return (
    <div
      ref={readout}
      className={css['readout']}
      tabIndex={-1}
      data-stale={found?.isFresh === false ? '' : undefined}
    >
      {!isInside && (
        <p className="quiet">
          {byInput(
            `Point at a cell of ${name}, or go to it with Tab and the arrow keys,`,
            `Tap a cell of ${name}`,
          )}{' '}
          to see the row and the column that made it and each rank’s part.
        </p>
      )}
      {isInside && found === null && gone && <RanksGone run={run} />}
      {isInside && found === null && !gone && (
        <p className="quiet">
          Asking the ranks for {name}[{cell.row}, {cell.col}] …
        </p>
      )}
      {isInside && found !== null && <Numbers found={found} blocks={blocks} onClear={clear} />}
      <p className="visually-hidden" aria-live="polite">
        {isInside && found?.isFresh === true && spokenSum(name, found.probe, found.sum)}
      </p>
    </div>
  );
}

/** Only the ranks know these numbers, and they were stopped or have failed. */
function RanksGone({ run }: { readonly run: SplitRun }) {
  const change = useSplit((state) => state.change);
  return (
    <p className="quiet">
      The ranks of this run are gone, and their numbers with them.{' '}
      <button type="button" className="ghost" onClick={() => change(run.params)}>
        Run it again
      </button>
    </p>
  );
}

interface NumbersProps {
  readonly found: Found;
  readonly blocks: boolean;
  readonly onClear: () => void;
}

function Numbers({ found, blocks, onClear }: NumbersProps) {
  const { run, probe, sum } = found;
  const { split, worldSize } = run.plan.config;
  const at = useSplit((state) => state.at);
  const moment = useMemo(() => {
    const progress = progressAt(run.timeline, at);
    const chunk = followedChunk(run.plan, probe);
    const state = chunk === null ? null : (chunksAt(run, progress.ringSteps)?.[chunk] ?? null);
    return probeMomentOf(run.plan, sum, progress, state);
  }, [run, probe, sum, at]);
  return (
    <>
      <ProbeEquation name={nameOf(run)} probe={probe} sum={sum} moment={moment} />
      <div className={css['line']}>
        <p className="quiet">
          {blocks && 'The element in the middle of this block. '}
          {moment.words ?? (
            <>
              {split === 'none' && worldSize > 1 && 'Every rank computed it for itself. '}
              In float64 it is <span className="num">{formatFloat(sum.expected, 7)}</span>:{' '}
              <span className="num">{formatError(Math.abs(sum.result - sum.expected))}</span> away.
            </>
          )}
          {sum.biasPerTerm && (
            <b className={css['bug']}> Each of the {sum.terms.length} terms already holds the bias.</b>
          )}
        </p>
        <button type="button" className="ghost" onClick={onClear}>
          Clear
        </button>
      </div>
      <ProbeTerms run={run} sum={sum} />
    </>
  );
}

function nameOf(run: SplitRun): string {
  return run.plan.products.at(-1)?.names.y ?? 'Y';
}

interface Found {
  readonly run: SplitRun;
  readonly probe: CellProbe;
  readonly sum: ProbeSum;
  readonly isFresh: boolean;
}

/** While the ranks are asked for the next cell, the numbers of the one before stay, so that nothing flickers. */
function useFound(run: SplitRun): Found | null {
  const probe = useSplit((state) => state.opened);
  const [latest, setLatest] = useState<Found | null>(null);
  if (probe !== null && probe !== latest?.probe) {
    const sum = probeSumOf(run.plan, probe);
    setLatest(sum === null ? null : { run, probe, sum, isFresh: true });
  }
  return probe === null && latest !== null ? { ...latest, isFresh: false } : latest;
}
