import type { CellProbe } from '#lab/split/run.ts';
import { RankBadge } from '#ui/components/Panel.tsx';
import { formatFloat } from '#ui/format.ts';
import type { ProbeMoment } from './follow.ts';
import css from './probe.module.css';
import type { ProbeSum } from './probeSum.ts';

interface ProbeEquationProps {
  readonly name: string;
  readonly probe: CellProbe;
  readonly sum: ProbeSum;
  /** What there is of it; the rest is shown faintly. */
  readonly moment: ProbeMoment;
}

/** Y[2, 7] = 0.412 + −0.096 + … in the order in which the ranks added them. */
export function ProbeEquation({ name, probe, sum, moment }: ProbeEquationProps) {
  const { added, biased, value, words } = moment;
  const isSum = sum.terms.length > 1 || sum.bias !== null;
  return (
    <p className={`row middle ${css['equation']}`}>
      <span className="num">
        {name}[{probe.row}, {probe.col}] =
      </span>
      {sum.terms.map(({ rank, value }, i) => (
        <span key={rank} className={css['term']} data-ahead={i >= added || undefined}>
          {i > 0 && <span className="ink3">+</span>}
          <span className={`quiet middle ${css['chip']}`} data-rank={rank}>
            <RankBadge rank={rank} />
            <span className="num">{formatFloat(value)}</span>
          </span>
        </span>
      ))}
      {sum.bias !== null && (
        <span className={css['term']} data-ahead={!biased || undefined}>
          <span className="ink3">+</span>
          <span className={`quiet middle ${css['chip']}`}>
            bias <span className="num">{formatFloat(sum.bias)}</span>
          </span>
        </span>
      )}
      {isSum && (
        <b className={css['result']}>
          = <span className="num">{value === null ? '…' : formatFloat(value)}</span>
          {words !== null && value !== null && <small> so far</small>}
        </b>
      )}
    </p>
  );
}
