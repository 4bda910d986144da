import { useState } from 'react';
import type { MatchBy } from '#lab/bench/compare.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { Select } from '#ui/components/Select.tsx';
import table from '../table/table.module.css';
import { useBench, useShown } from '../useBench.ts';
import { CompareSummary } from './CompareSummary.tsx';
import { CompareTable } from './CompareTable.tsx';
import css from './compare.module.css';
import { useComparison } from './useComparison.ts';

/** The run that is shown against another, case by case. */
export function ComparePanel() {
  const shown = useShown();
  const runs = useBench((state) => state.runs);
  const base = useBench((state) => state.base);
  const idle = useBench((state) => state.phase === 'idle');
  const compareWith = useBench((state) => state.compareWith);
  const [by, setBy] = useState<MatchBy>('case');
  const { match, sameWork, comparisons } = useComparison(by);
  if (shown === null) return null;
  const others = runs.filter(({ id, done }) => id !== shown.id && done > 0);
  return (
    <Panel
      title="Compare two runs"
      hint="median over median, with its 95 % interval by bootstrap"
      className={css['compare']}
    >
      <div className={`row quiet pad ${css['choice']}`}>
        <div>
          <span>
            <strong>{shown.name}</strong> against
          </span>
          <Select
            label="Run to compare with"
            value={base ?? ''}
            options={[
              { value: '', label: others.length === 0 ? 'no other run yet' : 'choose a run' },
              ...others.map(({ id, name, date }) => ({
                value: id,
                label: `${name}, ${date.slice(0, 16).replace('T', ' ')}`,
              })),
            ]}
            onChange={(id) => compareWith(id === '' ? null : id)}
          />
        </div>
        <div>
          <span>matching</span>
          <Select<MatchBy>
            label="What makes two cells the same"
            value={by}
            options={[
              { value: 'case', label: 'the same cell: backend and algorithm too' },
              { value: 'work', label: 'the same work, the fastest of each run' },
            ]}
            onChange={setBy}
          />
        </div>
      </div>
      {match === null || base === shown.id ? (
        <p className={table['empty']}>
          {idle
            ? 'Choose a run, or import one, to see what became faster and what slower, and how sure that is.'
            : 'Runs are compared when the one under way is over.'}
        </p>
      ) : (
        <>
          <CompareSummary
            match={match}
            comparisons={comparisons}
            instead={sameWork > 0 ? { cells: sameWork, choose: () => setBy('work') } : null}
          />
          <CompareTable comparisons={comparisons} />
        </>
      )}
    </Panel>
  );
}
