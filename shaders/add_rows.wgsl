// y[indices[i]] += weights[i] · x[i], row by row, in place; nothing where y has no such row.
// No two invocations write the same element, for indices are distinct.

struct Size {
  s: u32,
  d: u32,
  count: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [n, D]
@group(0) @binding(1) var<storage, read> indices: array<f32>; // [n], whole numbers
@group(0) @binding(2) var<storage, read> weights: array<f32>; // [n]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [S, D]
@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through x by the size of the grid.
@compute @workgroup_size(WIDTH)
fn addRows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var row = id.y; row < size.count; row += workgroups.y) {
    let index = indices[row];
    if (index >= 0 && index < f32(size.s)) {
      for (var col = id.x; col < size.d; col += workgroups.x * WIDTH) {
        y[u32(index) * size.d + col] += weights[row] * x[row * size.d + col];
      }
    }
  }
}
