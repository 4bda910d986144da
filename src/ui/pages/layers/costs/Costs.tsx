import { useMemo } from 'react';
import type { LayerParams } from '#lab/layers/params.ts';
import { specOf } from '#lab/layers/spec.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { useLayers } from '../useLayers.ts';
import css from './costs.module.css';
import { totalsOf, totalsOfSpec } from './totals.ts';

/** The plan's totals, before anything runs: of the small copy, and beside it of the layer as published. */
export function Costs() {
  const plan = useLayers((state) => state.plan);
  const params = useLayers((state) => state.params);
  const legal = useLayers((state) => state.problem === null);
  const here = useMemo(() => totalsOf(plan), [plan]);
  const full = useMemo(() => (legal ? fullSize(params) : null), [legal, params]);
  return (
    <Panel title="The cost" hint="of a rank, from the plan, in float32">
      <table className={css['costs']} aria-label="What a rank holds, computes and sends in one pass">
        <thead>
          <tr>
            <td />
            <th scope="col">as it runs</th>
            <th scope="col">full size</th>
          </tr>
        </thead>
        <tbody>
          {here.map(({ label, text }, index) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="num">{breakable(text)}</td>
              <td className="num">{breakable(full?.[index]?.text ?? 'n/a')}</td>
            </tr>
          ))}
        </tbody>
        <caption>Full size is planned, and does not run here.</caption>
      </table>
    </Panel>
  );
}

function fullSize(params: LayerParams) {
  return totalsOfSpec(specOf(params).full, params.ranks, params);
}

/** A line may end after the dash of a range, and nowhere else. */
function breakable(text: string): string {
  return text.replaceAll(' ', '\u00a0').replace('–', '–\u200b');
}
