import type { LayerRun } from '#lab/layers/run.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { Prose } from '#ui/components/term/Defined.tsx';
import { formatCount, formatError } from '#ui/format.ts';
import { CollectivesTable } from './CollectivesTable.tsx';
import css from './proof.module.css';
import { SumsTable } from './SumsTable.tsx';

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
