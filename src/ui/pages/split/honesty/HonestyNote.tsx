import { RankBadge } from '#ui/components/Panel.tsx';
import { formatMs } from '#ui/format.ts';
import css from '../split.module.css';
import { useSplit } from '../useSplit.ts';
import { adaptersOf, speedUpNote, timeParts } from './honesty.ts';

/** What the ranks ran on, what that means for speed, and what the time was made of. */
export function HonestyNote() {
  const run = useSplit((state) => state.run);
  if (run === null) return null;
  const parts = timeParts(run);
  return (
    <div className={`quiet stack gap-2 ruled ${css['honesty']}`}>
      <p>{speedUpNote(run.devices, navigator.hardwareConcurrency)}</p>
      <p>
        Of <span className="num">{formatMs(run.endMs - run.startMs)}</span> on the clock, an average rank
        spent{' '}
        {parts.map(({ label, ms, share }, index) => (
          <span key={label}>
            {index > 0 && (index === parts.length - 1 ? ' and ' : ', ')}
            <span className="num">{formatMs(ms)}</span> {label}{' '}
            <span className="ink3">({percent(share)})</span>
          </span>
        ))}
        .
      </p>
      <ul aria-label="The adapter of each rank">
        {adaptersOf(run.devices).map(([label, ranks]) => (
          <li key={label}>
            {ranks.map((rank) => (
              <RankBadge key={rank} rank={rank} />
            ))}{' '}
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}

function percent(share: number): string {
  return share < 0.005 ? '<1\u00a0%' : `${Math.round(share * 100)}\u00a0%`;
}
