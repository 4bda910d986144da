// y = x·Wᵀ + b, a 4·HEIGHT × 4·WIDTH tile of y a workgroup and 4 × 4 elements of it an invocation.
//
// For GPUs. The workgroup walks along K in slabs: it copies a slab of its rows of x and of w into workgroup memory,
// from where each value is read by a whole row or column of invocations instead of once by each.
// An invocation's four columns lie WIDTH apart, not side by side, so that neighbours read neighbouring addresses
// of wSlab (no bank conflicts) and write neighbouring elements of y.
//
// x [M, K] and w [N, K] come from operands_vec4.wgsl or operands_scalar.wgsl.
// M and N are no compile-time constants and no branch depends on them inside the loop: every element of y is summed
// by the same instructions in the same order, wherever a cut along N puts it.

struct Size {
  m: u32,
  k: u32,
  n: u32,
  bias: u32, // 1 where b counts, 0 where it is a stand-in
}

@group(0) @binding(2) var<storage, read> b: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [M, N]
@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup, in invocations: along N
override HEIGHT: u32; // along M
override DEPTH: u32; // of a slab, in quads along K

var<workgroup> xSlab: array<vec4f, 4 * HEIGHT * DEPTH>; // [DEPTH, 4·HEIGHT]
var<workgroup> wSlab: array<vec4f, 4 * WIDTH * DEPTH>; // [DEPTH, 4·WIDTH]

@compute @workgroup_size(WIDTH, HEIGHT)
fn linear(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let firstRow = workgroup.y * 4 * HEIGHT;
  let firstCol = workgroup.x * 4 * WIDTH;
  let quads = (size.k + 3) / 4;

  var sums = mat4x4f(); // column r here is row r of the invocation's elements
  for (var start = 0u; start < quads; start += DEPTH) {
    // Neighbours load along K, as it lies in memory. Rows past the edge repeat the last one, and are not stored.
    for (var i = invocation; i < 4 * HEIGHT * DEPTH; i += WIDTH * HEIGHT) {
      let row = rowStart(min(firstRow + i / DEPTH, size.m - 1));
      xSlab[i % DEPTH * 4 * HEIGHT + i / DEPTH] = xQuadOrZeros(row, start + i % DEPTH, quads);
    }
    for (var i = invocation; i < 4 * WIDTH * DEPTH; i += WIDTH * HEIGHT) {
      let row = rowStart(min(firstCol + i / DEPTH, size.n - 1));
      wSlab[i % DEPTH * 4 * WIDTH + i / DEPTH] = wQuadOrZeros(row, start + i % DEPTH, quads);
    }
    workgroupBarrier();

    for (var i = 0u; i < DEPTH; i++) {
      let xAt = i * 4 * HEIGHT + local.y;
      let wAt = i * 4 * WIDTH + local.x;
      let rows = mat4x4f(xSlab[xAt], xSlab[xAt + HEIGHT], xSlab[xAt + 2 * HEIGHT], xSlab[xAt + 3 * HEIGHT]);
      let cols = mat4x4f(wSlab[wAt], wSlab[wAt + WIDTH], wSlab[wAt + 2 * WIDTH], wSlab[wAt + 3 * WIDTH]);
      sums += transpose(cols) * rows;
    }
    workgroupBarrier();
  }

  var stored = sums; // a copy, for indexing by a variable could push `sums` itself out of the registers
  for (var r = 0u; r < 4; r++) {
    for (var c = 0u; c < 4; c++) {
      let row = firstRow + local.y + r * HEIGHT;
      let col = firstCol + local.x + c * WIDTH;
      if (row < size.m && col < size.n) {
        y[row * size.n + col] = stored[r][c] + select(0.0, b[col], size.bias == 1);
      }
    }
  }
}

// The last slab may reach past the end of K.
fn xQuadOrZeros(start: u32, quad: u32, quads: u32) -> vec4f {
  if (quad >= quads) {
    return vec4f();
  }
  return xQuad(start, quad);
}

fn wQuadOrZeros(start: u32, quad: u32, quads: u32) -> vec4f {
  if (quad >= quads) {
    return vec4f();
  }
  return wQuad(start, quad);
}
