// Exponentials without infinities, which WGSL may assume away. Stands before the kernels that use it.

const LOWEST = -0x1.fffffep+127; // of float32: the maximum of nothing, and what a masked score holds

// e^x for x ≤ 0, however low: below −200 it is 0 in float32.
fn expBelow(x: f32) -> f32 {
  return exp(max(x, -200.0));
}

// 1 / (1 + e^−x), with no exponent above 0.
fn sigmoid(x: f32) -> f32 {
  let e = expBelow(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}
