// q, k and v in quads of four columns, for heads of any width: past the end of a head a quad of q or k holds zeros, which
// add nothing to a product; what one of v holds there is summed and never stored. Stands before a kernel of attention,
// which has `size`.
@group(0) @binding(0) var<storage, read> q: array<f32>; // [T, H·keyDim]
@group(0) @binding(1) var<storage, read> k: array<f32>; // [S, KV·keyDim]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [S, KV·valueStride]

// Where a head starts, of all heads of all rows: counted in elements here, in quads in operands_attention_vec4.wgsl.
fn keyStart(head: u32) -> u32 {
  return head * size.keyDim;
}

fn valueStart(head: u32) -> u32 {
  return head * size.valueStride;
}

fn qQuad(start: u32, quad: u32) -> vec4f {
  let at = start + 4 * quad;
  return zerosPastEnd(vec4f(q[at], q[at + 1], q[at + 2], q[at + 3]), quad);
}

fn kQuad(start: u32, quad: u32) -> vec4f {
  let at = start + 4 * quad;
  return zerosPastEnd(vec4f(k[at], k[at + 1], k[at + 2], k[at + 3]), quad);
}

fn vQuad(start: u32, quad: u32) -> vec4f {
  let at = start + 4 * quad;
  return vec4f(v[at], v[at + 1], v[at + 2], v[at + 3]);
}

// A load past the end of the buffer is legal and yields some value; `select` drops it, even a NaN.
fn zerosPastEnd(values: vec4f, quad: u32) -> vec4f {
  return select(vec4f(), values, vec4u(4 * quad) + vec4u(0, 1, 2, 3) < vec4u(size.keyDim));
}
