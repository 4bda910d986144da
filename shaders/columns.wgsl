// y = x[:, start … start + n] of each head: a copy of some columns of x. One head is the whole of x.

struct Size {
  m: u32,
  heads: u32,
  k: u32,
  n: u32,
  start: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, H·K]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [M, H·N]
@group(0) @binding(2) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let width = size.heads * size.n;
  for (var row = id.y; row < size.m; row += workgroups.y) {
    for (var col = id.x; col < width; col += workgroups.x * WIDTH) {
      let head = row * size.heads + col / size.n;
      y[row * width + col] = x[head * size.k + size.start + col % size.n];
    }
  }
}
