// y = x·Wᵀ + b, an 8 × 8 block of y an invocation, all of it in registers and no workgroup memory.
//
// For software adapters. SwiftShader runs a multiply-add of four invocations in about 2 ns, a load in 12 ns whatever
// its pattern, and a load from workgroup memory in 30: so the larger the block that 8 + 8 loads feed, the better.
// 8 × 16 is a fifth faster and takes twice as long to compile, which every rank waits for.
//
// Every element of y is one chain of fused multiply-adds along K, as in the other kernels: it has the same bits whatever
// M, N or the cut along N. x [M, K] and w [N, K] come from operands_*.wgsl, b [N] and y [M, N] from result_*.wgsl, plusProduct
// and storeRows from blocks_of4.wgsl.

struct Size {
  m: u32,
  k: u32,
  n: u32,
  bias: u32, // 1 where b counts, 0 where it is a stand-in
}

@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup, in invocations

@compute @workgroup_size(WIDTH)
fn linear(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 8;
  let col = id.x * 8;
  if (col >= size.n) {
    return;
  }
  // Rows past the edge repeat the last one, and are not stored.
  let x0 = rowStart(min(row, size.m - 1));
  let x1 = rowStart(min(row + 1, size.m - 1));
  let x2 = rowStart(min(row + 2, size.m - 1));
  let x3 = rowStart(min(row + 3, size.m - 1));
  let x4 = rowStart(min(row + 4, size.m - 1));
  let x5 = rowStart(min(row + 5, size.m - 1));
  let x6 = rowStart(min(row + 6, size.m - 1));
  let x7 = rowStart(min(row + 7, size.m - 1));
  let w0 = rowStart(min(col, size.n - 1));
  let w1 = rowStart(min(col + 1, size.n - 1));
  let w2 = rowStart(min(col + 2, size.n - 1));
  let w3 = rowStart(min(col + 3, size.n - 1));
  let w4 = rowStart(min(col + 4, size.n - 1));
  let w5 = rowStart(min(col + 5, size.n - 1));
  let w6 = rowStart(min(col + 6, size.n - 1));
  let w7 = rowStart(min(col + 7, size.n - 1));

  // Four 4 × 4 quarters of the block. Column i of a matrix here is row i of the quarter.
  var topLeft = mat4x4f();
  var topRight = mat4x4f();
  var bottomLeft = mat4x4f();
  var bottomRight = mat4x4f();
  for (var i = 0u; i < (size.k + 3) / 4; i++) {
    let left = transpose(mat4x4f(wQuad(w0, i), wQuad(w1, i), wQuad(w2, i), wQuad(w3, i)));
    let right = transpose(mat4x4f(wQuad(w4, i), wQuad(w5, i), wQuad(w6, i), wQuad(w7, i)));
    let top = mat4x4f(xQuad(x0, i), xQuad(x1, i), xQuad(x2, i), xQuad(x3, i));
    topLeft = plusProduct(topLeft, top, left);
    topRight = plusProduct(topRight, top, right);
    let bottom = mat4x4f(xQuad(x4, i), xQuad(x5, i), xQuad(x6, i), xQuad(x7, i));
    bottomLeft = plusProduct(bottomLeft, bottom, left);
    bottomRight = plusProduct(bottomRight, bottom, right);
  }

  storeRows(row, col, topLeft);
  storeRows(row, col + 4, topRight);
  storeRows(row + 4, col, bottomLeft);
  storeRows(row + 4, col + 4, bottomRight);
}
