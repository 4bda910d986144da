import type { SplitRun } from '#lab/split/run.ts';
import { RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatFloat } from '#ui/format.ts';
import css from './probe.module.css';
import type { ProbeSum } from './probeSum.ts';

/** Each rank's part of the dot product, in the order of the addition. */
export function ProbeTerms({ run, sum }: { readonly run: SplitRun; readonly sum: ProbeSum }) {
  const last = run.plan.products.at(-1);
  const several = sum.terms.length > 1;
  return (
    <details className={css['details']}>
      <summary>{several ? 'In this order, from these products' : 'From these products'}</summary>
      <ScrollRegion label="Products of each rank">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Rank</th>
              <th scope="col" className={css['products']}>
                Products of the row of {last?.names.x} and the column of {last?.names.w}
              </th>
              <th scope="col">Term</th>
              {several && <th scope="col">Sum so far</th>}
            </tr>
          </thead>
          <tbody>
            {sum.terms.map(({ rank, value, running, products, count }) => (
              <tr key={rank}>
                <td>
                  <RankBadge rank={rank} />
                </td>
                <td className={`num ${css['products']}`}>
                  {count === 0 && products === '' ? 'none: its shard is empty' : products}
                </td>
                <td className="num">{formatFloat(value)}</td>
                {several && <td className="num">{formatFloat(running)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
