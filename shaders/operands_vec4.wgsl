// x and w in quads of four elements, for a K that is a multiple of 4. Stands before a `linear` kernel, which has `size`.
@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [M, K/4]
@group(0) @binding(1) var<storage, read> w: array<vec4f>; // [N, K/4]

// Where a row of x or of w starts: counted in quads here, in elements in operands_scalar.wgsl.
fn rowStart(row: u32) -> u32 {
  return row * (size.k / 4);
}

fn xQuad(start: u32, quad: u32) -> vec4f {
  return x[start + quad];
}

fn wQuad(start: u32, quad: u32) -> vec4f {
  return w[start + quad];
}
