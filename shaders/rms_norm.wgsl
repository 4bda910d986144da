// y = x / √(mean x² + ε) · w over each row, a workgroup a row. Zhang & Sennrich 2019, arXiv:1910.07467.
//
// Lanes come from lanes_*.wgsl, WIDTH and sumOfAll from reduce.wgsl.

struct Size {
  m: u32,
  d: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Lanes>; // [M, D]
@group(0) @binding(1) var<storage, read> w: array<Lanes>; // [D]
@group(0) @binding(2) var<storage, read_write> y: array<Lanes>; // [M, D]
@group(0) @binding(3) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the rows by the size of the grid.
@compute @workgroup_size(WIDTH)
fn rmsNorm(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let lanes = size.d / LANES;
  for (var row = workgroup.x; row < size.m; row += workgroups.x) {
    let at = row * lanes;
    var squares = Lanes();
    for (var i = invocation; i < lanes; i += WIDTH) {
      squares += x[at + i] * x[at + i];
    }
    let scale = inverseSqrt(sumOfAll(sumOf(squares), invocation) / f32(size.d) + size.epsilon);
    for (var i = invocation; i < lanes; i += WIDTH) {
      y[at + i] = x[at + i] * scale * w[i];
    }
  }
}
