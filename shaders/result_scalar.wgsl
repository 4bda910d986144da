// y element by element, for any N. Stands before a `linear` kernel, which has `size`.
@group(0) @binding(2) var<storage, read> b: array<f32>; // [N], or a stand-in of any content
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [M, N]

// Four elements of a row, and their bias; nothing past the edges.
fn store(row: u32, col: u32, sums: vec4f) {
  for (var i = 0u; i < 4 && row < size.m && col + i < size.n; i++) {
    y[row * size.n + col + i] = sums[i] + select(0.0, b[col + i], size.bias == 1);
  }
}

// Of four rows.
fn storeBlock(row: u32, col: u32, sums: mat4x4f) {
  store(row, col, sums[0]);
  store(row + 1, col, sums[1]);
  store(row + 2, col, sums[2]);
  store(row + 3, col, sums[3]);
}
