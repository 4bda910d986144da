// Exponentials that let NaN through, as PyTorch's do, and need no infinity. Stands before the kernels that use it,
// and behind lanes_*.wgsl.
//
// WGSL may assume that there is no NaN and no infinity (§15.7.2): `x != x` may be folded to false, max() may drop a NaN,
// and SwiftShader's exp() makes a number of one. So NaN is told by its bits, which is a matter of integers and survives
// fast-math in every driver's compiler. Sums, products and quotients need no care: hardware passes NaN through them.

const LOWEST = -0x1.fffffep+127; // of float32: the maximum of nothing, and what a masked score holds

fn isNan(x: Lanes) -> Flags {
  return (bitcast<Orders>(x) & Orders(0x7fffffff)) > Orders(0x7f800000);
}

// e^x for x ≤ 0, however low: below −200 it is 0 in float32.
fn expBelow(x: Lanes) -> Lanes {
  return select(exp(max(x, Lanes(-200))), x, isNan(x));
}

// 1 / (1 + e^−x), with no exponent above 0.
fn sigmoid(x: Lanes) -> Lanes {
  let e = expBelow(-abs(x));
  return select(e, Lanes(1), x >= Lanes()) / (1.0 + e);
}
