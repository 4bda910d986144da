import { type Change, type Comparison, changeOf, type Match, meanRatio } from '#lab/bench/compare.ts';
import { counted } from '#ui/components/words.ts';
import { intervalText } from './CompareTable.tsx';
import css from './compare.module.css';

interface CompareSummaryProps {
  readonly match: Match;
  readonly comparisons: readonly Comparison[];
  /** Cells that both have by the other way of matching, and how to choose it; null where that has none either. */
  readonly instead: { readonly cells: number; readonly choose: () => void } | null;
}

/** All cells in one number, and what was left out of it. */
export function CompareSummary({ match, comparisons, instead }: CompareSummaryProps) {
  const mean = meanRatio(comparisons);
  const left = match.pairs.length - comparisons.length;
  const doubtful = comparisons.filter(({ doubt }) => doubt !== '').length;
  return (
    <p className={css['sum']} role="status">
      {match.pairs.length === 0 && instead === null && 'The two runs have no cell in common. '}
      {match.pairs.length === 0 && instead !== null && (
        <>
          No cell ran on the same backend in both, but {counted(instead.cells, 'cell')} did the same work.{' '}
          <button type="button" className="ghost" onClick={instead.choose}>
            Match the same work
          </button>{' '}
        </>
      )}
      {mean !== null && (
        <>
          Over {counted(comparisons.length - doubtful, 'cell')} the time is{' '}
          <strong className="num">{mean.value.toFixed(3)}</strong> of the base’s, by the geometric mean; 95 %
          interval <span className="num">{intervalText(mean)}</span>: <strong>{said(changeOf(mean))}</strong>.{' '}
        </>
      )}
      {left > 0 && `${counted(left, 'cell')} still to compare. `}
      {doubtful > 0 &&
        `${counted(doubtful, 'cell')} of the table ${doubtful === 1 ? 'is' : 'are'} not counted: wrong, or measured in a hidden tab. `}
      {match.onlyBase + match.onlyOther > 0 &&
        `Left out: ${counted(match.onlyOther, 'cell')} that only this run has, and ${match.onlyBase} that only the base has.`}
    </p>
  );
}

function said(verdict: Change): string {
  if (verdict === 'cannot be told') return 'nothing can be told from single times';
  return verdict === 'same' ? 'no difference can be told' : `this run is ${verdict}`;
}
