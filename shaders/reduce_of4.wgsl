// Sums and maxima over a workgroup as in reduce.wgsl, of four rows at a time. `const WIDTH` stands before
// it. Every invocation has to call the first two together, for they wait.
//
// One array for both: SwiftShader takes a millisecond to compile an element of workgroup memory. It is of integers, in
// which a NaN keeps its bits.

var<workgroup> partialsOf4: array<vec4i, WIDTH>;

// Of the invocations that have the same place in a row of `width`, a power of two. 1: of all.
fn sumOf4(values: vec4f, width: u32, invocation: u32) -> vec4f {
  partialsOf4[invocation] = bitcast<vec4i>(values);
  workgroupBarrier();
  for (var count = WIDTH / 2; count >= width; count /= 2) {
    if (invocation < count) {
      let sum = bitcast<vec4f>(partialsOf4[invocation]) + bitcast<vec4f>(partialsOf4[invocation + count]);
      partialsOf4[invocation] = bitcast<vec4i>(sum);
    }
    workgroupBarrier();
  }
  let sum = bitcast<vec4f>(partialsOf4[invocation % width]);
  workgroupBarrier(); // nobody starts the next one before all have read
  return sum;
}

fn maxOf4(orders: vec4i, invocation: u32) -> vec4i {
  partialsOf4[invocation] = orders;
  workgroupBarrier();
  for (var count = WIDTH / 2; count > 0; count /= 2) {
    if (invocation < count) {
      partialsOf4[invocation] = max(partialsOf4[invocation], partialsOf4[invocation + count]);
    }
    workgroupBarrier();
  }
  let top = partialsOf4[0];
  workgroupBarrier(); // nobody starts the next one before all have read
  return top;
}
