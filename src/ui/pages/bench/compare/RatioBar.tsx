import { verdictOf } from '#lab/bench/compare.ts';
import type { Interval } from '#numerics/statistics.ts';

const WIDTH = 120;
/** A factor of two to each side. */
const REACH = Math.log(2);

/** The interval around its value, on a logarithmic axis with 1 in the middle. */
export function RatioBar(ratio: Interval) {
  const { value, low, high } = ratio;
  const at = (one: number): number => {
    const share = Math.max(-1, Math.min(1, Math.log(one) / REACH));
    return 4 + ((share + 1) / 2) * (WIDTH - 8);
  };
  return (
    <svg
      className="ratio-bar"
      width={WIDTH}
      height="16"
      viewBox={`0 0 ${WIDTH} 16`}
      aria-hidden="true"
      data-kind={verdictOf(ratio)}
    >
      <line x1={WIDTH / 2} x2={WIDTH / 2} y1="1" y2="15" className="ratio-one" />
      <line x1={at(low)} x2={at(high)} y1="8" y2="8" className="ratio-interval" />
      <circle cx={at(value)} cy="8" r="3.5" />
    </svg>
  );
}
