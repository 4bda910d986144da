// Floats as integers that compare as the floats do, −0 below 0, and NaN above all: the order of PyTorch's max and topk.
// Stands before the kernels that compare, and behind lanes_*.wgsl.
//
// WGSL may assume that there is no NaN (§15.7.2), so that max() and < may lose one. Integers have none to lose.

const BOTTOM = -0x7fffffff - 1; // below the order of every float
const TOP = 0x7fffffff; // and above
const NAN = 0x7fc00000;

fn orderOf(x: Lanes) -> Orders {
  let bits = bitcast<Orders>(x);
  let order = select(bits, bits ^ Orders(0x7fffffff), bits < Orders());
  return select(order, Orders(NAN), (bits & Orders(0x7fffffff)) > Orders(0x7f800000));
}

// The float of this order, which is neither BOTTOM nor TOP.
fn valueOf(order: Orders) -> Lanes {
  return bitcast<Lanes>(select(order, order ^ Orders(0x7fffffff), order < Orders()));
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
