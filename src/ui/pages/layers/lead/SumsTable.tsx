import type { LayerRun } from '#lab/layers/run.ts';
import { RankBadge } from '#ui/components/Panel.tsx';
import css from './proof.module.css';
import { sumColumns } from './sums.ts';

/** One number where prediction and measurement agree, both where they do not. */
export function SumsTable({ run }: { readonly run: LayerRun }) {
  const columns = sumColumns(run);
  return (
    <table className={`table ${css['table']}`}>
      <caption>Predicted = measured, a rank and pass</caption>
      <thead>
        <tr>
          <th scope="col">rank</th>
          {columns.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {run.predicted.map((_, rank) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
          <tr key={rank}>
            <th scope="row">
              <RankBadge rank={rank} />
            </th>
            {columns.map(({ label, cells }) => {
              const cell = cells[rank];
              return (
                <td
                  key={label}
                  className="num"
                  data-wrong={cell?.equal === false || undefined}
                  title={cell?.exact}
                >
                  {cell?.equal === false ? '✗' : '='} {cell?.text}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
