// y = (x − mean) / √(variance + ε) · w + b over each row, a workgroup a row. Ba, Kiros & Hinton 2016, arXiv:1607.06450.
// The variance is summed from the distances to the mean: mean x² − mean² would lose the digits they share.
//
// Lanes come from lanes_*.wgsl, WIDTH and sumOfAll from reduce.wgsl.

struct Size {
  m: u32,
  d: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Lanes>; // [M, D]
@group(0) @binding(1) var<storage, read> w: array<Lanes>; // [D]
@group(0) @binding(2) var<storage, read> b: array<Lanes>; // [D]
@group(0) @binding(3) var<storage, read_write> y: array<Lanes>; // [M, D]
@group(0) @binding(4) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the rows by the size of the grid.
@compute @workgroup_size(WIDTH)
fn layerNorm(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let lanes = size.d / LANES;
  for (var row = workgroup.x; row < size.m; row += workgroups.x) {
    let at = row * lanes;
    var sum = Lanes();
    for (var i = invocation; i < lanes; i += WIDTH) {
      sum += x[at + i];
    }
    let mean = sumOfAll(sumOf(sum), invocation) / f32(size.d);
    var squares = Lanes();
    for (var i = invocation; i < lanes; i += WIDTH) {
      let distance = x[at + i] - mean;
      squares += distance * distance;
    }
    let scale = inverseSqrt(sumOfAll(sumOf(squares), invocation) / f32(size.d) + size.epsilon);
    for (var i = invocation; i < lanes; i += WIDTH) {
      y[at + i] = (x[at + i] - mean) * scale * w[i] + b[i];
    }
  }
}
