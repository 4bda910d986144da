// Blocks of 4 × 4 elements of y, which a `linear` kernel for software adapters keeps in registers: column i of a matrix is
// row i of the block. Stands before such a kernel, behind operands_*.wgsl and result_*.wgsl.
//
// SwiftShader compiles what it is given nearly word for word: a chain along K whose sum stays in a register takes 4
// instructions a multiply-add, where 6 were of a chain that is put aside after each. A load takes some 90.

// Four steps along K. Column i of `rows` is a quad of a row of x, of `cols` one of a row of w, which is a column of y.
fn plusProduct(sums: mat4x4f, rows: mat4x4f, cols: mat4x4f) -> mat4x4f {
  return mat4x4f(
    plusRow(sums[0], rows[0], cols),
    plusRow(sums[1], rows[1], cols),
    plusRow(sums[2], rows[2], cols),
    plusRow(sums[3], rows[3], cols),
  );
}

fn plusRow(sums: vec4f, row: vec4f, cols: mat4x4f) -> vec4f {
  return vec4f(
    plusTerms(sums.x, row, cols[0]),
    plusTerms(sums.y, row, cols[1]),
    plusTerms(sums.z, row, cols[2]),
    plusTerms(sums.w, row, cols[3]),
  );
}

fn plusTerms(sum: f32, row: vec4f, col: vec4f) -> f32 {
  return fma(row.w, col.w, fma(row.z, col.z, fma(row.y, col.y, fma(row.x, col.x, sum))));
}

// Where four rows of x or of w start. Those past the edge repeat the last one, and are not stored.
fn starts(row: u32, last: u32) -> vec4u {
  let rows = min(vec4u(row, row + 1, row + 2, row + 3), vec4u(last));
  return vec4u(rowStart(rows.x), rowStart(rows.y), rowStart(rows.z), rowStart(rows.w));
}

fn xQuads(starts: vec4u, quad: u32) -> mat4x4f {
  return mat4x4f(xQuad(starts.x, quad), xQuad(starts.y, quad), xQuad(starts.z, quad), xQuad(starts.w, quad));
}

fn wQuads(starts: vec4u, quad: u32) -> mat4x4f {
  return mat4x4f(wQuad(starts.x, quad), wQuad(starts.y, quad), wQuad(starts.z, quad), wQuad(starts.w, quad));
}
