// Floats as integers that compare as the floats do, −0 below 0, and NaN above all: the order of PyTorch's max and topk.
// Stands before the kernels that compare.
//
// WGSL may assume that there is no NaN (§15.7.2), so that max() and < may lose one. Integers have none to lose.

const BOTTOM = -0x7fffffff - 1; // below the order of every float
const TOP = 0x7fffffff; // and above
const NAN = 0x7fc00000;

fn orderOf(x: f32) -> i32 {
  let bits = bitcast<i32>(x);
  return select(select(bits, bits ^ 0x7fffffff, bits < 0), NAN, (bits & 0x7fffffff) > 0x7f800000);
}

// The float of this order, which is neither BOTTOM nor TOP.
fn valueOf(order: i32) -> f32 {
  return bitcast<f32>(select(order, order ^ 0x7fffffff, order < 0));
}

// Of four.
fn orderOf4(x: vec4f) -> vec4i {
  let bits = bitcast<vec4i>(x);
  let order = select(bits, bits ^ vec4i(0x7fffffff), bits < vec4i());
  return select(order, vec4i(NAN), (bits & vec4i(0x7fffffff)) > vec4i(0x7f800000));
}

fn valueOf4(order: vec4i) -> vec4f {
  return bitcast<vec4f>(select(order, order ^ vec4i(0x7fffffff), order < vec4i()));
}

// What was chosen last. The next choice is the best of those that stand behind it: nobody marks what was taken.
struct Choice {
  order: i32,
  index: u32,
}

// Higher scores stand in front, and of equal ones the lower index.
fn standsBehind(order: i32, index: u32, choice: Choice) -> bool {
  return order < choice.order || (order == choice.order && index > choice.index);
}
