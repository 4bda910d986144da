// What the kernels have in common.

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
