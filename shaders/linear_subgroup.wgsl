// y = x·Wᵀ + b, a block of 32 × 16 elements of y a subgroup of four invocations: eight rows each, in registers.
//
// For software adapters that run four invocations as one. SwiftShader takes 2 ns for a multiply-add of four, 12 for a load,
// and hands a value from one invocation to the others for less: so each loads a quarter of the rows of w, and has the
// other three quarters from its neighbours. 12 loads feed 512 multiply-adds, where linear_registers.wgsl has 16 for 256.
//
// Every element of y is one chain of fused multiply-adds along K, as in the other kernels: it has the same bits whatever
// M, N or the cut along N. `enable subgroups` stands before it; x [M, K] and w [N, K] come from operands_*.wgsl, b [N] and
// y [M, N] from result_*.wgsl, plusProduct and storeRows from blocks_of4.wgsl.

struct Size {
  m: u32,
  k: u32,
  n: u32,
  bias: u32, // 1 where b counts, 0 where it is a stand-in
}

@group(0) @binding(4) var<uniform> size: Size;

@compute @workgroup_size(4)
fn linear(@builtin(workgroup_id) workgroup: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let row = 32 * workgroup.y + 8 * lane;
  let col = 16 * workgroup.x;
  let quads = (size.k + 3) / 4;
  let topStarts = starts(row, size.m - 1);
  let bottomStarts = starts(row + 4, size.m - 1);
  let colStarts = starts(col + 4 * lane, size.n - 1);

  // Eight rows by sixteen columns. Column i of a matrix here is row i of four.
  var top0 = mat4x4f();
  var top1 = mat4x4f();
  var top2 = mat4x4f();
  var top3 = mat4x4f();
  var bottom0 = mat4x4f();
  var bottom1 = mat4x4f();
  var bottom2 = mat4x4f();
  var bottom3 = mat4x4f();
  for (var quad = 0u; quad < quads; quad++) {
    let top = xBlock(topStarts, quad, quads);
    let bottom = xBlock(bottomStarts, quad, quads);
    let own = transpose(wBlock(colStarts, quad, quads));
    let steps0 = of0(own);
    top0 = plusProduct(top0, top, steps0);
    bottom0 = plusProduct(bottom0, bottom, steps0);
    let steps1 = of1(own);
    top1 = plusProduct(top1, top, steps1);
    bottom1 = plusProduct(bottom1, bottom, steps1);
    let steps2 = of2(own);
    top2 = plusProduct(top2, top, steps2);
    bottom2 = plusProduct(bottom2, bottom, steps2);
    let steps3 = of3(own);
    top3 = plusProduct(top3, top, steps3);
    bottom3 = plusProduct(bottom3, bottom, steps3);
  }

  storeRows(row, col, top0);
  storeRows(row, col + 4, top1);
  storeRows(row, col + 8, top2);
  storeRows(row, col + 12, top3);
  storeRows(row + 4, col, bottom0);
  storeRows(row + 4, col + 4, bottom1);
  storeRows(row + 4, col + 8, bottom2);
  storeRows(row + 4, col + 12, bottom3);
}

// Of four rows of x or of w. Those past the edge repeat the last one, and are not stored.
fn starts(row: u32, last: u32) -> vec4u {
  let rows = min(vec4u(row, row + 1, row + 2, row + 3), vec4u(last));
  return vec4u(rowStart(rows.x), rowStart(rows.y), rowStart(rows.z), rowStart(rows.w));
}

// What an invocation of the subgroup has; which one, WGSL wants to know when it compiles.
fn of0(m: mat4x4f) -> mat4x4f {
  return mat4x4f(subgroupBroadcast(m[0], 0), subgroupBroadcast(m[1], 0), subgroupBroadcast(m[2], 0), subgroupBroadcast(m[3], 0));
}

fn of1(m: mat4x4f) -> mat4x4f {
  return mat4x4f(subgroupBroadcast(m[0], 1), subgroupBroadcast(m[1], 1), subgroupBroadcast(m[2], 1), subgroupBroadcast(m[3], 1));
}

fn of2(m: mat4x4f) -> mat4x4f {
  return mat4x4f(subgroupBroadcast(m[0], 2), subgroupBroadcast(m[1], 2), subgroupBroadcast(m[2], 2), subgroupBroadcast(m[3], 2));
}

fn of3(m: mat4x4f) -> mat4x4f {
  return mat4x4f(subgroupBroadcast(m[0], 3), subgroupBroadcast(m[1], 3), subgroupBroadcast(m[2], 3), subgroupBroadcast(m[3], 3));
}
