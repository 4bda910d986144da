// What the kernels have in common: arithmetic on four float32 lanes.

/** a · b + c: rounded once where the engine has relaxed SIMD and the processor fuses, else twice. */
export function fma(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the lanes, always in this order. */
export function sumOf(lanes: v128): f32 {
  const halves = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}

/** The sums of the lanes of each, (0 + 2) + (1 + 3). */
export function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The largest lane, NaN where one is. */
export function maxOf(lanes: v128): f32 {
  const halves = f32x4.max(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1));
}

/** The first `count` floats at `from`, 1 to 4 of them, and zeros: what lies behind a tensor is not read. */
export function loadSome(from: usize, count: usize): v128 {
  if (count >= 4) return v128.load(from);
  if (count === 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count === 2 ? two : f32x4.replace_lane(two, 2, load<f32>(from, 8));
}

/** Stores the first `count` lanes, 1 to 4 of them. */
export function storeSome(to: usize, lanes: v128, count: usize): void {
  if (count >= 4) {
    v128.store(to, lanes);
  } else if (count === 1) {
    v128.store32_lane(to, lanes, 0);
  } else {
    v128.store64_lane(to, lanes, 0);
    if (count === 3) v128.store32_lane(to, lanes, 2, 8);
  }
}

/** `lanes` where there are values, `count` of them, and zeros behind. */
export function firstLanes(lanes: v128, count: usize): v128 {
  return v128.and(lanes, i32x4.gt_s(i32x4.splat(<i32>count), i32x4(0, 1, 2, 3)));
}

/** Added to a float32 of less than 2²², it leaves the nearest whole number in the lowest bits. */
const SHIFT: f32 = 12_582_912; // 1.5 · 2²³
const SHIFT_BITS: i32 = 0x4b400000;

/**
 * e^x to a unit in the last place or two, denormals too: x = n·ln 2 + r, and a polynomial in |r| < 0.35 (Cephes, expf).
 * NaN stays, and ±∞ give ∞ and 0. pmin and pmax, single instructions where min and max are eight, keep a NaN that stands
 * first.
 */
export function exp(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104)); // from there on it is ∞, and 0
  const shifted = shiftedPower(bounded);
  const r = withoutPowersOfTwo(bounded, shifted);
  let p = fma(f32x4.splat(1.98756915e-4), r, f32x4.splat(1.3981999507e-3));
  p = fma(p, r, f32x4.splat(8.3334519073e-3));
  p = fma(p, r, f32x4.splat(4.1665795894e-2));
  p = fma(p, r, f32x4.splat(1.6666665459e-1));
  p = fma(p, r, f32x4.splat(5.0000001201e-1));
  return timesPowerOfTwo(f32x4.add(fma(p, f32x4.mul(r, r), r), f32x4.splat(1)), shifted);
}

/** The whole number nearest to x · log₂ e, plus {@link SHIFT}. */
export function shiftedPower(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(Mathf.LOG2E)), f32x4.splat(SHIFT));
}

/** x − n·ln 2, n as `shifted` holds it. The first part of ln 2 has few bits, so that its product is exact. */
export function withoutPowersOfTwo(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, f32x4.splat(SHIFT));
  const most = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.sub(most, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
}

/** value · 2^n, n as `shifted` holds it, in two steps, of which only the second may leave the normal floats. */
export function timesPowerOfTwo(value: v128, shifted: v128): v128 {
  const n = i32x4.sub(shifted, i32x4.splat(SHIFT_BITS));
  const first = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(value, powerOfTwo(first)), powerOfTwo(i32x4.sub(n, first)));
}

function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}
