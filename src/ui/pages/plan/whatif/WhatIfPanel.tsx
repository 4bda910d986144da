import { memo } from 'react';
import type { Plan } from '#planner/plan.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import type { AnswerProps } from '../Answered.tsx';
import { From } from '../From.tsx';
import { type Column, SPEEDS } from '../table/columns.ts';
import { gigabytes } from '../words.ts';

/** What one change of the question would do to the layout that is looked at. */
export const WhatIfPanel = memo(function WhatIfPanel({ answer }: AnswerProps) {
  const speeds = SPEEDS[answer.question.load.work];
  return (
    <Panel title="What if …" hint="the same layout, with one thing changed">
      <ScrollRegion label="What if">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">if</th>
              {speeds.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                  <From source="p" />
                </th>
              ))}
              <th scope="col">GB a GPU</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">nothing changed</th>
              <Figures now={answer.plan} then={answer.plan} speeds={speeds} />
            </tr>
            {answer.whatIfs.map(({ id, words, plan: then }) => (
              <tr key={id}>
                <th scope="row">{words}</th>
                <Figures now={answer.plan} then={then} speeds={speeds} />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
});

interface FiguresProps {
  readonly now: Plan;
  readonly then: Plan;
  readonly speeds: readonly Column[];
}

function Figures({ now, then, speeds }: FiguresProps) {
  return (
    <>
      {speeds.map(({ label, shown, value }) => (
        <td key={label} className="num">
          {shown(then)} {change(value(then) / value(now))}
        </td>
      ))}
      <td className="num">
        {gigabytes(then.memory.total)} {then.fits ? '' : '✗'}
      </td>
    </>
  );
}

/** +12 %; nothing where it is less than one. */
function change(ratio: number): string {
  const percent = Math.round(100 * (ratio - 1));
  return percent === 0 ? '' : `(${percent > 0 ? '+' : '−'}${Math.abs(percent)} %)`;
}
