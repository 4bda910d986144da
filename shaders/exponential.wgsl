// Exponentials that let NaN through, as PyTorch's do, and need no infinity. Stands before the kernels that use it.
//
// WGSL may assume that there is no NaN and no infinity (§15.7.2): `x != x` may be folded to false, max() may drop a NaN,
// and SwiftShader's exp() makes a number of one. So NaN is told by its bits, which is a matter of integers and survives
// fast-math in every driver's compiler. Sums, products and quotients need no care: hardware passes NaN through them.

const LOWEST = -0x1.fffffep+127; // of float32: the maximum of nothing, and what a masked score holds

fn isNan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffff) > 0x7f800000;
}

// e^x for x ≤ 0, however low: below −200 it is 0 in float32.
fn expBelow(x: f32) -> f32 {
  return select(exp(max(x, -200.0)), x, isNan(x));
}

// expBelow of four.
fn expBelowOf4(x: vec4f) -> vec4f {
  let nan = (bitcast<vec4u>(x) & vec4u(0x7fffffff)) > vec4u(0x7f800000);
  return select(exp(max(x, vec4f(-200.0))), x, nan);
}

// 1 / (1 + e^−x), with no exponent above 0.
fn sigmoid(x: f32) -> f32 {
  let e = expBelow(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}
