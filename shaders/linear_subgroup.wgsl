// y = x·Wᵀ + b, a block of 16·STRIPS × 32 elements of y a subgroup of four invocations: 4·STRIPS rows each, in registers.
//
// For software adapters that run four invocations as one. SwiftShader takes twenty times as long for a load as for a
// multiply-add of four invocations, and no longer to hand a value from one invocation to the others: so each loads a
// quarter of the rows of w, and has the other three quarters from its neighbours. Two strips have 16 loads for 1,024
// multiply-adds, where linear_registers.wgsl has 16 for 256.
//
// Every element of y is one chain of fused multiply-adds along K, as in the other kernels: it has the same bits whatever
// M, N or the cut along N. `enable subgroups` and `const STRIPS`, 1 or 2, stand before it; x [M, K] and w [N, K] come from
// operands_*.wgsl, b [N] and y [M, N] from result_*.wgsl, plusProduct and the quads from blocks_of4.wgsl.

struct Size {
  m: u32,
  k: u32,
  n: u32,
  bias: u32, // 1 where b counts, 0 where it is a stand-in
}

@group(0) @binding(4) var<uniform> size: Size;

// Four rows of y by the 32 columns of a subgroup, or these columns of Wᵀ: invocation i loads those of blocks 2·i and 2·i + 1.
struct Strip {
  block0: mat4x4f,
  block1: mat4x4f,
  block2: mat4x4f,
  block3: mat4x4f,
  block4: mat4x4f,
  block5: mat4x4f,
  block6: mat4x4f,
  block7: mat4x4f,
}

@compute @workgroup_size(4)
fn linear(@builtin(workgroup_id) workgroup: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let row = 4 * STRIPS * (4 * workgroup.y + lane);
  let col = 32 * workgroup.x;
  let topStarts = starts(row, size.m - 1);
  let bottomStarts = starts(row + 4, size.m - 1);
  let leftStarts = starts(col + 8 * lane, size.n - 1);
  let rightStarts = starts(col + 8 * lane + 4, size.n - 1);

  var top = Strip();
  var bottom = Strip();
  for (var quad = 0u; quad < (size.k + 3) / 4; quad++) {
    let left = wQuads(leftStarts, quad);
    let right = wQuads(rightStarts, quad);
    let cols = Strip(of0(left), of0(right), of1(left), of1(right), of2(left), of2(right), of3(left), of3(right));
    top = plusStrip(top, xQuads(topStarts, quad), cols);
    if (STRIPS == 2) {
      bottom = plusStrip(bottom, xQuads(bottomStarts, quad), cols);
    }
  }

  storeStrip(row, col, top);
  if (STRIPS == 2) {
    storeStrip(row + 4, col, bottom);
  }
}

fn plusStrip(sums: Strip, rows: mat4x4f, cols: Strip) -> Strip {
  return Strip(
    plusProduct(sums.block0, rows, cols.block0),
    plusProduct(sums.block1, rows, cols.block1),
    plusProduct(sums.block2, rows, cols.block2),
    plusProduct(sums.block3, rows, cols.block3),
    plusProduct(sums.block4, rows, cols.block4),
    plusProduct(sums.block5, rows, cols.block5),
    plusProduct(sums.block6, rows, cols.block6),
    plusProduct(sums.block7, rows, cols.block7),
  );
}

// Loops, for unrolled stores take as long to compile as all the rest.
fn storeStrip(row: u32, col: u32, sums: Strip) {
  var blocks = array(
    sums.block0, sums.block1, sums.block2, sums.block3, sums.block4, sums.block5, sums.block6, sums.block7,
  );
  for (var block = 0u; block < 8; block++) {
    for (var i = 0u; i < 4; i++) {
      store(row + i, col + 4 * block, blocks[block][i]);
    }
  }
}

// What an invocation has, of the four, which are a quad; which one, WGSL wants to know when it compiles.
fn of0(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(m[0], 0), quadBroadcast(m[1], 0), quadBroadcast(m[2], 0), quadBroadcast(m[3], 0));
}

fn of1(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(m[0], 1), quadBroadcast(m[1], 1), quadBroadcast(m[2], 1), quadBroadcast(m[3], 1));
}

fn of2(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(m[0], 2), quadBroadcast(m[1], 2), quadBroadcast(m[2], 2), quadBroadcast(m[3], 2));
}

fn of3(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(m[0], 3), quadBroadcast(m[1], 3), quadBroadcast(m[2], 3), quadBroadcast(m[3], 3));
}
