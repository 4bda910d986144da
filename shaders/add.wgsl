// y = a + b, where b is one row that is added to each row of a. Equal shapes are one row.

struct Size {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>; // [M, N]
@group(0) @binding(1) var<storage, read> b: array<f32>; // [N]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [M, N]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn add(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var row = id.y; row < size.m; row += workgroups.y) {
    for (var col = id.x; col < size.n; col += workgroups.x * WIDTH) {
      y[row * size.n + col] = a[row * size.n + col] + b[col];
    }
  }
}
