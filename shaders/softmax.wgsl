// y = e^(x − max x) / Σ e^(x − max x) over each row, a workgroup a row.
//
// Lanes come from lanes_*.wgsl, WIDTH, sumOfAll and maxOfAll from reduce.wgsl, orderOf and valueOf from order.wgsl, LOWEST
// and expBelow from exponential.wgsl.

struct Size {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<Lanes>; // [M, N]
@group(0) @binding(1) var<storage, read_write> y: array<Lanes>; // [M, N]
@group(0) @binding(2) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the rows by the size of the grid.
@compute @workgroup_size(WIDTH)
fn softmax(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let lanes = size.n / LANES;
  for (var row = workgroup.x; row < size.m; row += workgroups.x) {
    let at = row * lanes;
    var highest = Lanes(LOWEST);
    for (var i = invocation; i < lanes; i += WIDTH) {
      highest = max(highest, x[at + i]); // may drop a NaN, which then comes out of the sum
    }
    let top = valueOf(Orders(maxOfAll(highestOf(orderOf(highest)), invocation)));
    var partial = Lanes();
    for (var i = invocation; i < lanes; i += WIDTH) {
      partial += expBelow(x[at + i] - top);
    }
    let sum = sumOfAll(sumOf(partial), invocation);
    for (var i = invocation; i < lanes; i += WIDTH) {
      y[at + i] = expBelow(x[at + i] - top) / sum;
    }
  }
}
