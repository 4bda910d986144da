// What attention_tiles.wgsl keeps in workgroup memory, and how its products go. Stands before it, and has its constants.

const INVOCATIONS = ROWS * KEYS;
const SLAB = 4 * DEPTH * KEYS;
const QUADS = KEYS * COLUMNS; // of v's columns, that the workgroup sums

// An element is a quad of rows, of keys or of columns.
var<workgroup> qSlab: array<vec4f, 4 * DEPTH * ROWS>; // [4·DEPTH, ROWS]
var<workgroup> slab: array<vec4f, SLAB>; // of k [4·DEPTH, KEYS], then of v [SLAB/QUADS, QUADS]
var<workgroup> tops: array<vec4i, ROWS * KEYS>; // orders of the highest scores among an invocation's keys
var<workgroup> weights: array<vec4f, 4 * KEYS * ROWS>; // [4·KEYS, ROWS]

// A quad of columns of four heads, transposed: of k, or of q behind the KEYS quads of keys. Zeros past the end of a head.
fn loadColumns(heads: vec4u, loads: u32, quad: u32) {
  let isThere = quad < (size.keyDim + 3) / 4;
  let at = vec4u(keyStart(heads.x), keyStart(heads.y), keyStart(heads.z), keyStart(heads.w));
  let along = quad % DEPTH;
  var columns = mat4x4f();
  if (loads < KEYS) {
    if (isThere) { columns = mat4x4f(kQuad(at.x, quad), kQuad(at.y, quad), kQuad(at.z, quad), kQuad(at.w, quad)); }
    let steps = transpose(columns);
    let first = 4 * along * KEYS + place(loads, along);
    slab[first] = steps[0];
    slab[first + KEYS] = steps[1];
    slab[first + 2 * KEYS] = steps[2];
    slab[first + 3 * KEYS] = steps[3];
  } else if (loads < KEYS + ROWS) {
    if (isThere) { columns = mat4x4f(qQuad(at.x, quad), qQuad(at.y, quad), qQuad(at.z, quad), qQuad(at.w, quad)); }
    let steps = transpose(columns);
    let first = 4 * along * ROWS + place(loads - KEYS, along);
    qSlab[first] = steps[0];
    qSlab[first + ROWS] = steps[1];
    qSlab[first + 2 * ROWS] = steps[2];
    qSlab[first + 3 * ROWS] = steps[3];
  }
}

// Where a quad lies in its row of a slab: turned by its place along the head, as in linear_tiles.wgsl, so that invocations
// that write side by side meet different banks.
fn place(quad: u32, along: u32) -> u32 {
  return quad / 8 * 8 + (quad + along * (8 / DEPTH)) % 8;
}

// Turned by the quad of keys, for the same reason.
fn weightAt(key: u32, ofRows: u32) -> u32 {
  return key * ROWS + (ofRows + key / 4) % ROWS;
}

fn scaled(sums: mat4x4f, by: vec4f) -> mat4x4f {
  return mat4x4f(sums[0] * by.x, sums[1] * by.y, sums[2] * by.z, sums[3] * by.w);
}
