// y = max x over each row, a workgroup a row; the lowest float32 of an empty one.
//
// WIDTH and maxOfAll come from reduce.wgsl, orderOf, valueOf and BOTTOM from order.wgsl, LOWEST from exponential.wgsl.

struct Size {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, N]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [M]
@group(0) @binding(2) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the rows by the size of the grid.
@compute @workgroup_size(WIDTH)
fn rowMax(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  for (var row = workgroup.x; row < size.m; row += workgroups.x) {
    var highest = BOTTOM;
    for (var i = invocation; i < size.n; i += WIDTH) {
      highest = max(highest, orderOf(x[row * size.n + i]));
    }
    let top = maxOfAll(highest, invocation);
    if (invocation == 0) {
      y[row] = select(valueOf(top), LOWEST, top == BOTTOM);
    }
  }
}
