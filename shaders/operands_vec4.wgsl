// x and w in quads of four elements, for a K that is a multiple of 4. Stands before a `linear` kernel,
// which has `size`. WeightQuad, QUADS and elementsOf come from weight_*.wgsl.
@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [M, K/4]
@group(0) @binding(1) var<storage, read> w: array<WeightQuad>; // [N, K/4] quads

// Where a row of x or of w starts: counted in quads here, in elements in operands_scalar.wgsl.
fn rowStart(row: u32) -> u32 {
  return row * (size.k / 4);
}

fn xQuad(start: u32, quad: u32) -> vec4f {
  return x[start + quad];
}

fn wQuad(start: u32, quad: u32) -> vec4f {
  let at = start + quad;
  return elementsOf(w[at / QUADS], at);
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
