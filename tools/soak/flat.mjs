// Whether a series of samples stays level.

/**
 * @typedef {object} Slope
 * @property {number} value of the series, for one more of x
 * @property {number} low
 * @property {number} high
 * @typedef {'flat' | 'grows' | 'undecided'} Verdict
 */

/** Of the normal distribution, for 95 % on both sides. */
const Z = 1.959964;
/** Fewer samples have an interval that says nothing. */
const FEWEST = 8;

/**
 * Sen's slope: the median of the slopes between all pairs of samples, which no single sample can bend, with its 95 %
 * interval by the variance of Kendall's S (Sen 1968, J. Am. Stat. Assoc. 63, 1379). Null where there are too few.
 * @param {readonly number[]} xs ascending
 * @param {readonly number[]} ys
 * @returns {Slope | null}
 */
export function slopeOf(xs, ys) {
  const n = xs.length;
  if (n < FEWEST) return null;
  const slopes = xs
    .flatMap((x, i) => xs.slice(i + 1).map((other, j) => (value(ys, i + 1 + j) - value(ys, i)) / (other - x)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const half = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const middle = slopes.length / 2;
  return {
    value: (value(slopes, Math.floor(middle)) + value(slopes, Math.ceil(middle) - 1)) / 2,
    low: value(slopes, Math.floor(middle - half) - 1),
    high: value(slopes, Math.ceil(middle + half)),
  };
}

/**
 * The rule. A series is flat where even the upper end of the slope's interval keeps its growth over `stretch` within
 * `allowed`; it grows where the lower end does not. Between them more samples decide. What shrinks is flat.
 * @param {Slope | null} slope
 * @param {number} stretch so much of x
 * @param {number} allowed
 * @returns {Verdict}
 */
export function verdictOf(slope, stretch, allowed) {
  if (slope === null) return 'undecided';
  if (slope.high * stretch <= allowed) return 'flat';
  return slope.low * stretch > allowed ? 'grows' : 'undecided';
}

/**
 * @param {readonly number[]} list
 * @param {number} index inside it, or past one of its ends
 */
function value(list, index) {
  return list[Math.min(Math.max(index, 0), list.length - 1)] ?? Number.NaN;
}
