import { useMemo } from 'react';
import type { SplitPlan } from '#program/splitPlan.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { formatBytes } from '#ui/format.ts';
import { type Between, betweenOf, type Sent } from './between.ts';
import css from './pairStrip.module.css';

/** Why the two cuts make a pair: what else would have to travel between the products. */
export function PairStrip({ plan }: { readonly plan: SplitPlan }) {
  const rows = useMemo(() => betweenOf(plan.config), [plan]);
  const [paired, unpaired] = rows.map(({ h, y }) => h.bytes + y.bytes);
  const { k, n } = plan.config;
  return (
    <div className={css['strip']}>
      <ScrollRegion label="What a rank sends, paired or not">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">A rank sends, with B cut</th>
              <th scope="col">between the products</th>
              <th scope="col">after them</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id} data-chosen={row.id === 'paired' || undefined}>
                <th scope="row">{HOW[row.id]}</th>
                <td>{sentText(row.h, 'H')}</td>
                <td>{sentText(row.y, 'Y')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {unpaired !== undefined && paired !== undefined && unpaired < paired && (
        <p>
          With {n.toLocaleString('en')} columns H is small beside Y here, which has {k.toLocaleString('en')}.
          In a transformer it is about four times as wide, and what is paired sends less in all, too.
        </p>
      )}
    </div>
  );
}

const HOW: Readonly<Record<Between['id'], string>> = {
  paired: 'by rows: its columns of H fit',
  unpaired: 'by columns: it needs all of H',
};

function sentText({ kind, bytes }: Sent, of: string) {
  return (
    <>
      <b className="num">{formatBytes(bytes)}</b>
      {kind !== null && <Defined text={`: ${kind.replace('_', '-')} of ${of}`} />}
    </>
  );
}
