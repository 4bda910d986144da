import css from './ring.module.css';

const SIZE = 150;
const RADIUS = 58;

/** Ranks that have nothing to say to each other. */
export function RingStill({ ranks, why }: { readonly ranks: number; readonly why: string }) {
  return (
    <div className={css['still']}>
      <svg width={SIZE} height={SIZE} aria-hidden="true">
        {ranks > 1 && <circle className={css['still-circle']} cx={SIZE / 2} cy={SIZE / 2} r={RADIUS} />}
        {Array.from({ length: ranks }, (_, rank) => {
          const angle = -Math.PI / 2 + (rank / ranks) * 2 * Math.PI;
          const radius = ranks === 1 ? 0 : RADIUS;
          const x = SIZE / 2 + radius * Math.cos(angle);
          const y = SIZE / 2 + radius * Math.sin(angle);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
            <g key={rank} data-rank={rank} transform={`translate(${x} ${y})`}>
              <rect className={css['still-rank']} x="-14" y="-14" width="28" height="28" rx="8" />
              <text className={css['still-number']} y="4.5" textAnchor="middle">
                {rank}
              </text>
            </g>
          );
        })}
      </svg>
      <p>{why}</p>
    </div>
  );
}
