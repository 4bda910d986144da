import type { FlowLane } from './layoutTypes.ts';
import css from './node.module.css';

interface BandProps {
  /** The left edge of the band in the picture, and its width. */
  readonly left: number;
  readonly width: number;
  readonly worldSize: number;
  readonly lanes: readonly FlowLane[];
  /** Whether what they have goes from neighbour to neighbour. */
  readonly isRing: boolean;
}

const MIDDLE = 11;
const RADIUS = 9;

/** The ranks inside a collective's band. In a ring each sends to the next, the last one to the first; else all meet. */
export function Band({ left, width, worldSize, lanes, isRing }: BandProps) {
  // Below their lanes; where only one of them is drawn, spread over the band.
  const isAll = lanes.length === worldSize;
  const centres = Array.from({ length: worldSize }, (_, rank) => {
    const lane = lanes[rank];
    return isAll && lane !== undefined ? lane.x + lane.width / 2 - left : ((rank + 0.5) * width) / worldSize;
  });
  const [first = 0] = centres;
  const last = centres.at(-1) ?? 0;
  const back = MIDDLE + RADIUS + 5;
  return (
    <svg className={css['ring']} width={width} height={30} aria-hidden="true">
      {centres.slice(1).map((to, index) => {
        const from = (centres[index] ?? 0) + RADIUS + 4;
        const end = to - RADIUS - 5;
        const head = isRing ? 'm-5-4.5l5 4.5l-5 4.5' : '';
        return <path key={to} className={css['hop']} d={`M${from} ${MIDDLE}H${end}${head}`} />;
      })}
      {isRing && (
        <path
          className={css['hop']}
          data-back=""
          d={`M${last} ${MIDDLE + RADIUS + 1}V${back - 2}q0 3-3 3H${first + 3}q-3 0-3-3v-2`}
        />
      )}
      {centres.map((centre, rank) => (
        <g key={centre} data-rank={rank}>
          <circle className={css['dot']} cx={centre} cy={MIDDLE} r={RADIUS} />
          <text className={css['dot-rank']} x={centre} y={MIDDLE + 4} textAnchor="middle">
            {rank}
          </text>
        </g>
      ))}
    </svg>
  );
}
