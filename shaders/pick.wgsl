// y[i] = x[i, indices[i]]; 0 where row i has no such element.

struct Size {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, N]
@group(0) @binding(1) var<storage, read> indices: array<f32>; // [M], whole numbers
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [M]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn pick(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var row = id.x; row < size.m; row += workgroups.x * WIDTH) {
    let index = indices[row];
    var value = 0.0;
    if (index >= 0 && index < f32(size.n)) {
      value = x[row * size.n + u32(index)];
    }
    y[row] = value;
  }
}
