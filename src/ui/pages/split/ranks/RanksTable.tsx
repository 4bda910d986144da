import { Panel, RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { useSplit } from '../useSplit.ts';
import { columnsOf } from './columns.ts';
import css from './ranks.module.css';

/** What each rank held, did, sent and waited for. */
export function RanksTable() {
  const run = useSplit((state) => state.run);
  if (run === null) return null;
  const columns = columnsOf(run);
  return (
    <Panel title="The ranks" hint="what each of them held, did and sent, and how long it took">
      <ScrollRegion className={css['ranks']} label="The ranks, as a table">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Rank</th>
              {columns.map(({ id, label, note }) => (
                <th key={id} scope="col" title={note}>
                  <Defined text={label} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {run.times.map((_, rank) => (
              <tr key={run.ranks[rank]?.rank ?? rank}>
                <th scope="row">
                  <RankBadge rank={rank} />
                </th>
                {columns.map(({ id, of }) => (
                  <td key={id} className="num">
                    {of(run, rank).map((text, index) => (
                      <div key={run.plan.products[index]?.names.w ?? index}>{text}</div>
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                All <small>sum, or longest time</small>
              </th>
              {columns.map(({ id, total }) => (
                <td key={id} className="num">
                  {total(run)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
    </Panel>
  );
}
