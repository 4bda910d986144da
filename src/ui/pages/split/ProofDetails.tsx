import type { SplitRun } from '#lab/split/run.ts';
import { formula, frac, sub, sup, words } from '#ui/components/formula.ts';
import { Prose } from '#ui/components/term/Defined.tsx';
import { timesWord } from '#ui/components/words.ts';
import { formatCount, formatError } from '#ui/format.ts';
import { shareOfTolerance } from './proof.ts';
import { hasBiasBug } from './words.ts';

/** How the tolerance comes about; see numerics/oracle.ts. */
export function ProofDetails({ run }: { readonly run: SplitRun }) {
  const { verdict, plan } = run;
  return (
    <Prose>
      <p>
        The ranks computed the product once more, unsplit and with float64 sums, and compared{' '}
        <span className="num">{formatCount(verdict.count)}</span> numbers with it. Whether all ranks hold the
        same bits, a hash of each rank’s result says.
      </p>
      <p>
        A float32 sum of <i>n</i> products can be off by rounding alone, by at most
      </p>
      {bound()}
      <p>
        This is the tolerance. At the element that came nearest to its own, it is{' '}
        <span className="num">{formatError(verdict.tolerance)}</span>
        {verdict.pass && (
          <>
            {' '}
            and the error is <span className="num">{shareOfTolerance(verdict.worstRatio)}</span> of it
          </>
        )}
        .
      </p>
      {hasBiasBug(plan) && (
        <p>
          Rounding cannot explain this error. Every rank added the bias before the sum, so Y holds it{' '}
          {timesWord(plan.config.worldSize)}. Add it once, after the all-reduce.
        </p>
      )}
    </Prose>
  );
}

function bound() {
  return formula(
    'The error is at most gamma n times the sum of |x| times |w|, where gamma n is n u over 1 minus n u, and u is 2 to the minus 24',
    '|',
    words('error'),
    '|≤',
    sub('γ', 'n'),
    '∑|x||w| ',
    sub('γ', 'n'),
    '=',
    frac('nu', '1−nu'),
    ' u=',
    sup('2', '−24'),
  );
}
