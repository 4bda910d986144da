import { useState } from 'react';
import type { MatchBy } from '#lab/bench/compare.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { useBench, useShown } from '../useBench.ts';
import { CompareSummary } from './CompareSummary.tsx';
import { CompareTable } from './CompareTable.tsx';
import { useComparison } from './useComparison.ts';
import './compare.css';

/** The run that is shown against another, case by case. */
export function ComparePanel() {
  const shown = useShown();
  const runs = useBench((state) => state.runs);
  const base = useBench((state) => state.base);
  const idle = useBench((state) => state.phase === 'idle');
  const compareWith = useBench((state) => state.compareWith);
  const [by, setBy] = useState<MatchBy>('case');
  const { match, comparisons } = useComparison(by);
  if (shown === null) return null;
  const others = runs.filter(({ id, done }) => id !== shown.id && done > 0);
  return (
    <Panel
      title="Compare two runs"
      hint="median over median, with its 95 % interval by bootstrap"
      className="bench-compare"
    >
      <div className="bench-compare-choice">
        <label>
          <span>
            <strong>{shown.name}</strong> against
          </span>
          <select
            className="bench-select"
            aria-label="Run to compare with"
            value={base ?? ''}
            onChange={(event) => compareWith(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">{others.length === 0 ? 'no other run yet' : 'choose a run'}</option>
            {others.map(({ id, name, date }) => (
              <option key={id} value={id}>
                {name}, {date.slice(0, 16).replace('T', ' ')}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>matching</span>
          <select
            className="bench-select"
            aria-label="What makes two cells the same"
            value={by}
            onChange={(event) => setBy(event.target.value === 'work' ? 'work' : 'case')}
          >
            <option value="case">the same cell: backend and algorithm too</option>
            <option value="work">the same work, the fastest of each run</option>
          </select>
        </label>
      </div>
      {match === null || base === shown.id ? (
        <p className="bench-empty">
          {idle
            ? 'Choose a run, or import one, to see what became faster and what slower, and how sure that is.'
            : 'Runs are compared when the one under way is over.'}
        </p>
      ) : (
        <>
          <CompareSummary match={match} comparisons={comparisons} />
          <CompareTable comparisons={comparisons} />
        </>
      )}
    </Panel>
  );
}
