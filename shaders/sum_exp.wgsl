// y = Σ e^(x − shift) over each row, a workgroup a row. `shift` is at least the row's maximum, or near it.
//
// WIDTH and sumOfAll come from reduce.wgsl, expBelow from exponential.wgsl.

struct Size {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, N]
@group(0) @binding(1) var<storage, read> shift: array<f32>; // [M]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [M]
@group(0) @binding(3) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the rows by the size of the grid.
@compute @workgroup_size(WIDTH)
fn sumExp(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  for (var row = workgroup.x; row < size.m; row += workgroups.x) {
    var partial = 0.0;
    for (var i = invocation; i < size.n; i += WIDTH) {
      partial += expBelow(x[row * size.n + i] - shift[row]);
    }
    let sum = sumOfAll(partial, invocation);
    if (invocation == 0) {
      y[row] = sum;
    }
  }
}
