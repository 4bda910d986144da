import type { LayerRun } from '#lab/layers/run.ts';
import { RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { Prose } from '#ui/components/term/Defined.tsx';
import { formatBytes, formatCount, formatError } from '#ui/format.ts';
import css from './proof.module.css';
import { collectiveRows, sumColumns } from './sums.ts';

/** More would fill the page, and the first ones say why. */
const MOST_SHOWN = 8;

/** What was compared with what, number by number. */
export function ProofDetails({ run }: { readonly run: LayerRun }) {
  const { check, steps, sums } = run.verdict;
  return (
    <Prose>
      <p>
        The plan is made from the sizes{' '}
        {run.ranks[0]?.routing.length ? 'and from how many tokens the gate sent to each expert' : 'alone'}.
        Each rank wrote down what it did, one operation at a time; both are compared to the last byte.
      </p>
      {[...steps.slice(0, MOST_SHOWN)].map(({ rank, at, planned, measured }) => (
        <p key={`${rank} ${at}`} className={css['wrong']}>
          ✗ Rank {rank}, step {at + 1}: predicted {planned ?? 'nothing more'}, measured{' '}
          {measured ?? 'nothing'}
        </p>
      ))}
      {steps.length > MOST_SHOWN && (
        <p className={css['wrong']}>… and {formatCount(steps.length - MOST_SHOWN)} steps more</p>
      )}
      {sums.map((sum) => (
        <p key={sum} className={css['wrong']}>
          ✗ {sum}
        </p>
      ))}
      <div className={css['tables']}>
        <ScrollRegion label="Predicted and measured, rank by rank">
          <SumsTable run={run} />
        </ScrollRegion>
        <ScrollRegion label="Collectives, predicted and measured">
          <CollectivesTable run={run} />
        </ScrollRegion>
      </div>
      <p>
        Rank 0 ran the layer once more, whole and on the CPU, and compared{' '}
        <span className="num">{formatCount(check.count)}</span> numbers. The largest difference is{' '}
        <span className="num">{formatError(check.maxAbsError)}</span>; the tolerance, what rounding alone may
        make it, is <span className="num">{formatError(check.tolerance)}</span>. Ranks that hold the same
        thing have to hold the same bits.
      </p>
    </Prose>
  );
}

function CollectivesTable({ run }: { readonly run: LayerRun }) {
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

/** One number where prediction and measurement agree, both where they do not. */
function SumsTable({ run }: { readonly run: LayerRun }) {
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
