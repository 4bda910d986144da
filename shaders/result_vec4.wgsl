// y in quads of four elements, for an N that is a multiple of 4. Stands before a `linear` kernel, which has `size`.
@group(0) @binding(2) var<storage, read> b: array<f32>; // [N], or a stand-in of any content
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [M, N/4]

// Four elements of a row, and their bias; nothing past the edges.
fn store(row: u32, col: u32, sums: vec4f) {
  if (row < size.m && col < size.n) {
    let bias = select(vec4f(), vec4f(b[col], b[col + 1], b[col + 2], b[col + 3]), size.bias == 1);
    y[(row * size.n + col) / 4] = sums + bias;
  }
}

// Of four rows.
fn storeBlock(row: u32, col: u32, sums: mat4x4f) {
  store(row, col, sums[0]);
  store(row + 1, col, sums[1]);
  store(row + 2, col, sums[2]);
  store(row + 3, col, sums[3]);
}
