// y = a + b, where b is one row that is added to each row of a. Equal shapes are one row.
//
// Lanes come from lanes_*.wgsl.

struct Size {
  m: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> a: array<Lanes>; // [M, N]
@group(0) @binding(1) var<storage, read> b: array<Lanes>; // [N]
@group(0) @binding(2) var<storage, read_write> y: array<Lanes>; // [M, N]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn add(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let n = size.n / LANES;
  for (var row = id.y; row < size.m; row += workgroups.y) {
    for (var col = id.x; col < n; col += workgroups.x * WIDTH) {
      y[row * n + col] = a[row * n + col] + b[col];
    }
  }
}
