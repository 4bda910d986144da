// q, k and v in quads of four columns, for heads whose columns are multiples of 4. Stands before a kernel of attention,
// which has `size`.
@group(0) @binding(0) var<storage, read> q: array<vec4f>; // [T, H·keyDim/4]
@group(0) @binding(1) var<storage, read> k: array<vec4f>; // [S, KV·keyDim/4]
@group(0) @binding(2) var<storage, read> v: array<vec4f>; // [S, KV·valueStride/4]

// Where a head starts, of all heads of all rows: counted in quads here, in elements in operands_attention_scalar.wgsl.
fn keyStart(head: u32) -> u32 {
  return head * (size.keyDim / 4);
}

fn valueStart(head: u32) -> u32 {
  return head * (size.valueStride / 4);
}

fn qQuad(start: u32, quad: u32) -> vec4f {
  return q[start + quad];
}

fn kQuad(start: u32, quad: u32) -> vec4f {
  return k[start + quad];
}

fn vQuad(start: u32, quad: u32) -> vec4f {
  return v[start + quad];
}
