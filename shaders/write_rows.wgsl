// y[start + i] = x[i], row by row, in place: y keeps its other rows.

struct Size {
  count: u32,
  d: u32,
  start: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [T, D]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [S, D]
@group(0) @binding(2) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through x by the size of the grid.
@compute @workgroup_size(WIDTH)
fn writeRows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var row = id.y; row < size.count; row += workgroups.y) {
    for (var col = id.x; col < size.d; col += workgroups.x * WIDTH) {
      y[(size.start + row) * size.d + col] = x[row * size.d + col];
    }
  }
}
