// y = x·Wᵀ for each head by itself: columns h·K … of x by W[h] give columns h·N … of y.
//
// WeightWord, PER_WORD and elementOf come from weight_*.wgsl.

struct Size {
  m: u32,
  heads: u32,
  k: u32,
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, H·K]
@group(0) @binding(1) var<storage, read> w: array<WeightWord>; // [H, N, K]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [M, H·N]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn linearPerHead(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let width = size.heads * size.n;
  for (var row = id.y; row < size.m; row += workgroups.y) {
    for (var col = id.x; col < width; col += workgroups.x * WIDTH) {
      let xAt = (row * size.heads + col / size.n) * size.k;
      let wAt = col * size.k; // rows of all heads of W lie one after another, as the columns of y do
      var sum = 0.0;
      for (var i = 0u; i < size.k; i++) {
        let at = wAt + i;
        sum += x[xAt + i] * elementOf(w[at / PER_WORD], at);
      }
      y[row * width + col] = sum;
    }
  }
}
