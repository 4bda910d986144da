// y[i] = w[indices[i]], row by row; zeros where w has no such row.
//
// WeightWord, PER_WORD and elementOf come from weight_*.wgsl: w may be the table of an embedding.

struct Size {
  v: u32,
  d: u32,
  count: u32,
}

@group(0) @binding(0) var<storage, read> w: array<WeightWord>; // [V, D]
@group(0) @binding(1) var<storage, read> indices: array<f32>; // [T], whole numbers
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [T, D]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var row = id.y; row < size.count; row += workgroups.y) {
    let index = indices[row];
    let here = index >= 0 && index < f32(size.v);
    for (var col = id.x; col < size.d; col += workgroups.x * WIDTH) {
      var value = 0.0;
      if (here) {
        let at = u32(index) * size.d + col;
        value = elementOf(w[at / PER_WORD], at);
      }
      y[row * size.d + col] = value;
    }
  }
}
