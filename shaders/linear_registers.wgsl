// y = x·Wᵀ + b, a block of ROWS × 8 elements of y an invocation, all of it in registers and no workgroup memory.
//
// For software adapters. SwiftShader takes twenty times as long for a load, whatever its pattern, as for a multiply-add of
// four invocations, and longer for one from workgroup memory: so the larger the block that ROWS + 8 loads feed, the better.
//
// Every element of y is one chain of fused multiply-adds along K, as in the other kernels: it has the same bits whatever
// M, N or the cut along N. `const ROWS`, 1, 4 or 8, stands before it; x [M, K] and w [N, K] come from operands_*.wgsl, b [N]
// and y [M, N] from result_*.wgsl, plusRow and the quads from blocks_of4.wgsl.

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
  let row = id.y * ROWS;
  let col = id.x * 8;
  if (col >= size.n) {
    return;
  }
  let topStarts = starts(row, size.m - 1);
  let bottomStarts = starts(row + 4, size.m - 1);
  let leftStarts = starts(col, size.n - 1);
  let rightStarts = starts(col + 4, size.n - 1);

  var sums: array<mat2x4f, 8>; // a row each
  for (var quad = 0u; quad < (size.k + 3) / 4; quad++) {
    let left = wQuads(leftStarts, quad);
    let right = wQuads(rightStarts, quad);
    sums[0] = plusEight(sums[0], xQuad(topStarts.x, quad), left, right);
    if (ROWS > 1) {
      sums[1] = plusEight(sums[1], xQuad(topStarts.y, quad), left, right);
      sums[2] = plusEight(sums[2], xQuad(topStarts.z, quad), left, right);
      sums[3] = plusEight(sums[3], xQuad(topStarts.w, quad), left, right);
    }
    if (ROWS > 4) {
      sums[4] = plusEight(sums[4], xQuad(bottomStarts.x, quad), left, right);
      sums[5] = plusEight(sums[5], xQuad(bottomStarts.y, quad), left, right);
      sums[6] = plusEight(sums[6], xQuad(bottomStarts.z, quad), left, right);
      sums[7] = plusEight(sums[7], xQuad(bottomStarts.w, quad), left, right);
    }
  }

  // A loop over a copy: unrolled stores triple the time to compile, and what a loop looks into is not kept in registers.
  var rows = sums;
  for (var i = 0u; i < ROWS; i++) {
    store(row + i, col, rows[i][0]);
    store(row + i, col + 4, rows[i][1]);
  }
}

fn plusEight(sums: mat2x4f, row: vec4f, left: mat4x4f, right: mat4x4f) -> mat2x4f {
  return mat2x4f(plusRow(sums[0], row, left), plusRow(sums[1], row, right));
}
