// y = x·Wᵀ + b, the plain way: each invocation sums one element of y. Read this one first.
//
// WeightWord, PER_WORD and elementOf come from weight_*.wgsl: a weight may be stored in fewer bits.

struct Size {
  m: u32,
  k: u32,
  n: u32,
  bias: u32, // 1 where b counts, 0 where it is a stand-in
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, K]
@group(0) @binding(1) var<storage, read> w: array<WeightWord>; // [N, K]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [M, N]
@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup: columns of y
override HEIGHT: u32; // rows of y

@compute @workgroup_size(WIDTH, HEIGHT)
fn linear(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  let col = id.x;
  if (row >= size.m || col >= size.n) {
    return;
  }
  var sum = 0.0;
  for (var i = 0u; i < size.k; i++) {
    let at = col * size.k + i;
    sum = fma(x[row * size.k + i], elementOf(w[at / PER_WORD], at), sum);
  }
  y[row * size.n + col] = sum + select(0.0, b[col], size.bias == 1);
}
