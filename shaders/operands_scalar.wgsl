// x and w in quads of four elements, for any K: past the end of a row a quad holds zeros, which add nothing to a
// product. Stands before a `linear` kernel, which has `size`. WeightWord, PER_WORD and elementOf come from weight_*.wgsl.
@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, K]
@group(0) @binding(1) var<storage, read> w: array<WeightWord>; // [N, K]

// Where a row of x or of w starts: counted in elements here, in quads in operands_vec4.wgsl.
fn rowStart(row: u32) -> u32 {
  return row * size.k;
}

fn xQuad(start: u32, quad: u32) -> vec4f {
  let at = start + 4 * quad;
  return zerosPastEnd(vec4f(x[at], x[at + 1], x[at + 2], x[at + 3]), quad);
}

fn wQuad(start: u32, quad: u32) -> vec4f {
  let at = start + 4 * quad;
  return zerosPastEnd(vec4f(element(at), element(at + 1), element(at + 2), element(at + 3)), quad);
}

fn element(at: u32) -> f32 {
  return elementOf(w[at / PER_WORD], at);
}

// A load past the end of the buffer is legal and yields some value; `select` drops it, even a NaN.
fn zerosPastEnd(values: vec4f, quad: u32) -> vec4f {
  return select(vec4f(), values, vec4u(4 * quad) + vec4u(0, 1, 2, 3) < vec4u(size.k));
}

// A quad of each of four rows: zeros past the end of K.
fn xBlock(starts: vec4u, quad: u32, quads: u32) -> mat4x4f {
  if (quad >= quads) {
    return mat4x4f();
  }
  return mat4x4f(xQuad(starts.x, quad), xQuad(starts.y, quad), xQuad(starts.z, quad), xQuad(starts.w, quad));
}

fn wBlock(starts: vec4u, quad: u32, quads: u32) -> mat4x4f {
  if (quad >= quads) {
    return mat4x4f();
  }
  return mat4x4f(wQuad(starts.x, quad), wQuad(starts.y, quad), wQuad(starts.z, quad), wQuad(starts.w, quad));
}
