import { memo, useCallback, useState } from 'react';
import { sameLayout } from '#lab/plan/answer.ts';
import type { Layout } from '#planner/layout.ts';
import { Legend } from '#ui/charts/Legend.tsx';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import type { AnswerProps } from '../Answered.tsx';
import { From } from '../From.tsx';
import { STEP_PARTS } from '../parts.ts';
import { usePlan } from '../usePlan.ts';
import { COLUMNS } from './columns.ts';
import { LayoutRow } from './LayoutRow.tsx';
import { toCsv, toMarkdown } from './layoutText.ts';
import css from './table.module.css';

const FEW = 12;

/** All layouts that are legal, best first: what each holds, how fast it is, what limits it. */
export const LayoutsPanel = memo(function LayoutsPanel({ answer }: AnswerProps) {
  const change = usePlan((state) => state.change);
  const choose = useCallback(
    ({ tensor, pipeline, expert, data }: Layout) => change({ chosen: { tensor, pipeline, expert, data } }),
    [change],
  );
  const [all, setAll] = useState(false);
  const { plans, question } = answer;
  const hasExperts = question.model.layers.some(({ experts }) => experts !== null);
  const columns = COLUMNS[question.load.work];
  const at = plans.findIndex((one) => sameLayout(one, answer.plan));
  const shown = all ? plans : plans.filter((_, i) => i < FEW || i === at);
  const longest = Math.max(...shown.filter(({ fits }) => fits).map(({ step }) => step.totalMs));
  return (
    <Panel
      title="All layouts"
      hint={`${plans.length.toLocaleString('en')} divide evenly, ${plans.filter(({ fits }) => fits).length.toLocaleString('en')} of them fit; choose a line to see it above`}
      action={
        <>
          <CopyButton label="Copy as Markdown" text={() => toMarkdown(answer)} />
          <CopyButton label="Copy as CSV" text={() => toCsv(answer)} />
        </>
      }
    >
      <Legend
        entries={STEP_PARTS.map(({ part, label }) => ({
          id: part,
          label,
          mark: <i data-part={part} />,
        }))}
      />
      <ScrollRegion label="Layouts">
        <table className={`table ${css['layouts']}`}>
          <thead>
            <tr>
              <th scope="col">layout</th>
              <th scope="col" title="cut over so many GPUs">
                TP
              </th>
              <th scope="col" title="stages">
                PP
              </th>
              {hasExperts && (
                <th scope="col" title="experts dealt out over so many">
                  EP
                </th>
              )}
              <th scope="col" title="copies">
                DP
              </th>
              <th scope="col">GPUs</th>
              <th scope="col">
                GB a GPU
                <From source="p" />
              </th>
              {columns.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                  <From source="p" />
                </th>
              ))}
              <th scope="col">limit</th>
              <th scope="col" className={css['bar-head']}>
                where it goes
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <LayoutRow
                key={[one.tensor, one.pipeline, one.expert, one.data].join()}
                plan={one}
                chosen={one === plans[at]}
                hasExperts={hasExperts}
                columns={columns}
                longest={longest}
                onChoose={choose}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {plans.length > FEW && (
        <button type="button" className={`ghost ${css['all']}`} onClick={() => setAll(!all)}>
          {all ? 'Show the best alone' : `Show all ${plans.length.toLocaleString('en')}`}
        </button>
      )}
    </Panel>
  );
});
