// y = x·Wᵀ + b, a tile of y a workgroup and a block of the tile an invocation, in registers.
//
// For GPUs. The workgroup walks along K in slabs. Of each it copies its rows of x and of w into workgroup memory, from
// where a value is read by a whole row or column of invocations instead of once by each, and transposes them on the way:
// there four rows lie beside each other, and a step along K is an outer product of quads. While a slab is multiplied,
// the next one is on its way to registers.
//
// Every element of y is one chain of fused multiply-adds along K: the same bits whatever the tile, M, N or the cut along N.
//
// Constants stand before it (products.ts), for WGSL sizes no array in registers by an override: an invocation's block is
// 4·ROWS × 4·COLS, a workgroup has HEIGHT × WIDTH invocations, and a slab DEPTH quads along K.
// x [M, K] and w [N, K] come from operands_*.wgsl, b [N] and y [M, N] from result_*.wgsl.

struct Size { m: u32, k: u32, n: u32, bias: u32 } // bias: 1 where b counts, 0 where it is a stand-in

@group(0) @binding(4) var<uniform> size: Size;

const INVOCATIONS = HEIGHT * WIDTH;
const X_QUADS = ROWS * HEIGHT; // of rows, in a tile
const W_QUADS = COLS * WIDTH;
const STRIDE = INVOCATIONS / DEPTH; // quads of rows that all invocations load in a round
const X_ROUNDS = (X_QUADS + STRIDE - 1) / STRIDE;
const W_ROUNDS = (W_QUADS + STRIDE - 1) / STRIDE;

var<workgroup> xSlab: array<vec4f, 4 * DEPTH * X_QUADS>; // [4·DEPTH, X_QUADS]
var<workgroup> wSlab: array<vec4f, 4 * DEPTH * W_QUADS>; // [4·DEPTH, W_QUADS]

@compute @workgroup_size(INVOCATIONS)
fn linear(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) invocation: u32) {
  let firstRow = 4 * X_QUADS * workgroup.y;
  let firstCol = 4 * W_QUADS * workgroup.x;
  let quads = (size.k + 3) / 4;

  // What it loads: neighbours load along K, as it lies in memory.
  let quad = invocation % DEPTH;
  let rows = invocation / DEPTH;
  var xStarts: array<vec4u, X_ROUNDS>;
  var wStarts: array<vec4u, W_ROUNDS>;
  for (var i = 0u; i < X_ROUNDS; i++) { xStarts[i] = rowStarts(firstRow + 4 * (rows + i * STRIDE), size.m - 1); }
  for (var i = 0u; i < W_ROUNDS; i++) { wStarts[i] = rowStarts(firstCol + 4 * (rows + i * STRIDE), size.n - 1); }
  var xNext: array<mat4x4f, X_ROUNDS>;
  var wNext: array<mat4x4f, W_ROUNDS>;
  for (var i = 0u; i < X_ROUNDS; i++) { if (isOwn(rows + i * STRIDE, X_QUADS)) { xNext[i] = xBlock(xStarts[i], quad, quads); } }
  for (var i = 0u; i < W_ROUNDS; i++) { if (isOwn(rows + i * STRIDE, W_QUADS)) { wNext[i] = wBlock(wStarts[i], quad, quads); } }

  // What it multiplies: quads of rows HEIGHT apart, by quads of columns WIDTH apart.
  let left = invocation / WIDTH;
  let right = invocation % WIDTH;
  var sums: array<mat4x4f, ROWS * COLS>; // column r of a matrix here is row r of the elements

  for (var start = 0u; start < quads; start += DEPTH) {
    for (var i = 0u; i < X_ROUNDS; i++) {
      if (!isOwn(rows + i * STRIDE, X_QUADS)) { continue; }
      let at = 4 * quad * X_QUADS + place(rows + i * STRIDE, quad);
      let steps = transpose(xNext[i]);
      xSlab[at] = steps[0];
      xSlab[at + X_QUADS] = steps[1];
      xSlab[at + 2 * X_QUADS] = steps[2];
      xSlab[at + 3 * X_QUADS] = steps[3];
    }
    for (var i = 0u; i < W_ROUNDS; i++) {
      if (!isOwn(rows + i * STRIDE, W_QUADS)) { continue; }
      let at = 4 * quad * W_QUADS + place(rows + i * STRIDE, quad);
      let steps = transpose(wNext[i]);
      wSlab[at] = steps[0];
      wSlab[at + W_QUADS] = steps[1];
      wSlab[at + 2 * W_QUADS] = steps[2];
      wSlab[at + 3 * W_QUADS] = steps[3];
    }
    workgroupBarrier();
    let next = start + DEPTH + quad;
    for (var i = 0u; i < X_ROUNDS; i++) { if (isOwn(rows + i * STRIDE, X_QUADS)) { xNext[i] = xBlock(xStarts[i], next, quads); } }
    for (var i = 0u; i < W_ROUNDS; i++) { if (isOwn(rows + i * STRIDE, W_QUADS)) { wNext[i] = wBlock(wStarts[i], next, quads); } }

    for (var i = 0u; i < DEPTH; i++) {
      for (var step = 4 * i; step < 4 * i + 4; step++) {
        var xs: array<vec4f, ROWS>;
        var ws: array<vec4f, COLS>;
        for (var r = 0u; r < ROWS; r++) { xs[r] = xSlab[step * X_QUADS + place(left + r * HEIGHT, i)]; }
        for (var c = 0u; c < COLS; c++) { ws[c] = wSlab[step * W_QUADS + place(right + c * WIDTH, i)]; }
        for (var r = 0u; r < ROWS; r++) {
          for (var c = 0u; c < COLS; c++) {
            sums[r * COLS + c] = plusOuterProduct(sums[r * COLS + c], xs[r], ws[c]);
          }
        }
      }
    }
    workgroupBarrier();
  }

  for (var r = 0u; r < ROWS; r++) {
    for (var c = 0u; c < COLS; c++) {
      storeBlock(firstRow + 4 * (left + r * HEIGHT), firstCol + 4 * (right + c * WIDTH), sums[r * COLS + c]);
    }
  }
}

// Whether this is a quad of rows of the tile: with a short slab there are more invocations than quads to load.
fn isOwn(rows: u32, quads: u32) -> bool {
  return quads % STRIDE == 0 || rows < quads;
}

// Of four rows from this one on. Rows past the last repeat it, and are not stored.
fn rowStarts(row: u32, last: u32) -> vec4u {
  let rows = min(vec4u(row, row + 1, row + 2, row + 3), vec4u(last));
  return vec4u(rowStart(rows.x), rowStart(rows.y), rowStart(rows.z), rowStart(rows.w));
}

// Where in its row of a slab a quad of rows lies: turned by its place along K, so that invocations that write side by
// side meet different banks. Within eights, which the compiler can see to stay in the row.
fn place(rows: u32, quad: u32) -> u32 {
  return rows / 8 * 8 + (rows + quad * (8 / DEPTH)) % 8;
}

fn plusOuterProduct(sums: mat4x4f, rows: vec4f, cols: vec4f) -> mat4x4f {
  return mat4x4f(
    fma(vec4f(rows.x), cols, sums[0]), fma(vec4f(rows.y), cols, sums[1]),
    fma(vec4f(rows.z), cols, sums[2]), fma(vec4f(rows.w), cols, sums[3]),
  );
}
