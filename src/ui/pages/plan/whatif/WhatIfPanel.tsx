import type { Plan } from '#planner/plan.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import plan from '../plan.module.css';
import { usePlan, useStale } from '../usePlan.ts';
import { gigabytes, rate } from '../words.ts';

/** What one change of the question would do to the layout that is looked at. */
export function WhatIfPanel() {
  const answer = usePlan((state) => state.answer);
  const stale = useStale();
  return (
    <Panel title="What if …" hint="the same layout, with one thing changed">
      {answer === null ? (
        <p className={plan['waiting']}>Told once a layout is found.</p>
      ) : (
        <ScrollRegion label="What if" className={stale ? plan['stale'] : undefined}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">if</th>
                <th scope="col">tokens/s of one</th>
                <th scope="col">in all</th>
                <th scope="col">GB a GPU</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">nothing changed</th>
                <Figures now={answer.plan} then={answer.plan} />
              </tr>
              {answer.whatIfs.map(({ id, words, plan: then }) => (
                <tr key={id}>
                  <th scope="row">{words}</th>
                  <Figures now={answer.plan} then={then} />
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}

function Figures({ now, then }: { readonly now: Plan; readonly then: Plan }) {
  return (
    <>
      <td className="num">
        {rate(then.tokensPerSecondOfOne)} {change(then.tokensPerSecondOfOne / now.tokensPerSecondOfOne)}
      </td>
      <td className="num">
        {rate(then.tokensPerSecond)} {change(then.tokensPerSecond / now.tokensPerSecond)}
      </td>
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
