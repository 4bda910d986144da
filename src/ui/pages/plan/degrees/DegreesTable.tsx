import { useState } from 'react';
import { CODEBASES } from '#planner/verdicts/verdicts.ts';
import { Disclosure } from '#ui/components/Fold.tsx';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { DegreeLine } from './DegreeLine.tsx';
import type { DegreeRow } from './degreeRows.ts';
import css from './degrees.module.css';

interface DegreesTableProps {
  readonly rows: readonly DegreeRow[];
  /** Tokens in the cache. */
  readonly context: number;
}

/** A line for each number of ranks. What is pointed at is said below; a line that is opened says all of it. */
export function DegreesTable({ rows, context }: DegreesTableProps) {
  const [pointed, setPointed] = useState('');
  return (
    <>
      <ScrollRegion label="What each number of ranks means" className={css['scroll']}>
        <table className={`table ${css['degrees']}`}>
          <thead>
            <tr>
              <th scope="col">ranks</th>
              {CODEBASES.map(({ id, label, rule }) => (
                <th key={id} scope="col" title={rule}>
                  {label}
                </th>
              ))}
              <th scope="col">weights a rank</th>
              <th scope="col">KV a token</th>
              <th scope="col">KV at {context.toLocaleString('en')}</th>
              <th scope="col">sent a token</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <DegreeLine key={row.p} row={row} context={context} onPoint={setPointed} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className={`quiet ruled ${css['pointed']}`} aria-live="polite">
        {pointed === ''
          ? '✓ runs, ✓* runs and wastes or asks for something, ✗ refuses, – does not run this architecture. Point at a mark for the reason, or open its line for the way out.'
          : pointed}
      </p>
      <Disclosure title="Each codebase’s rule, and where it was read">{Rules}</Disclosure>
    </>
  );
}

function Rules() {
  return (
    <dl className={`stack gap-3 small pad-foot ${css['rules']}`}>
      {CODEBASES.map(({ id, label, rule, version, read }) => (
        <div key={id}>
          <dt>{label}</dt>
          <dd>
            {rule}.{' '}
            <small>
              {version}: {read.join('; ')}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
