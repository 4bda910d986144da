import type { LayerRun } from '#lab/layers/run.ts';
import { formatBytes } from '#ui/format.ts';
import css from './proof.module.css';
import { collectiveRows } from './sums.ts';

export function CollectivesTable({ run }: { readonly run: LayerRun }) {
  return (
    <table className={`table ${css['table']}`}>
      <caption>Collectives, in which every rank takes part</caption>
      <thead>
        <tr>
          {['kind', 'whole buffer', 'predicted', 'measured'].map((label) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {collectiveRows(run).map(({ name, bytes, predicted, measured }) => (
          <tr key={`${name} ${bytes}`}>
            <th scope="row">{name}</th>
            <td className="num">{formatBytes(bytes)}</td>
            <td className="num">{predicted}</td>
            <td className="num" data-wrong={predicted !== measured || undefined}>
              {predicted === measured ? '=' : '✗'} {measured}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
