// Blocks of 4 × 4 elements of y, which a `linear` kernel keeps in registers: column i of a matrix is row i of the block.
// Stands before such a kernel and behind result_*.wgsl, which has `store`.

// Four steps along K. Column i of `rows` is a row of x, of `steps` four columns of y at step i.
fn plusProduct(sums: mat4x4f, rows: mat4x4f, steps: mat4x4f) -> mat4x4f {
  return mat4x4f(
    plusRow(sums[0], rows[0], steps),
    plusRow(sums[1], rows[1], steps),
    plusRow(sums[2], rows[2], steps),
    plusRow(sums[3], rows[3], steps),
  );
}

fn plusRow(sum: vec4f, row: vec4f, steps: mat4x4f) -> vec4f {
  let early = fma(vec4f(row.y), steps[1], fma(vec4f(row.x), steps[0], sum));
  return fma(vec4f(row.w), steps[3], fma(vec4f(row.z), steps[2], early));
}

// A loop, for 16 unrolled stores a block triple the time that SwiftShader takes to compile.
fn storeRows(row: u32, col: u32, sums: mat4x4f) {
  var rows = sums;
  for (var i = 0u; i < 4; i++) {
    store(row + i, col, rows[i]);
  }
}
