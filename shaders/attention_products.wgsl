// The two products of attention, four rows by four keys at a time and out of registers. Stands before
// attention_registers.wgsl.
//
// For software adapters. SwiftShader runs a multiply-add of four invocations in about 2 ns and a load in 12 ns whatever
// its pattern: so a key or a value once loaded serves four rows, and a row four keys. Eight rows would load less still,
// but a decoding step has no more of them than heads that share a key, which are often four. Larger blocks of keys, or
// of columns of v, were no faster on the whole, and take up to twice as long to compile.
//
// Column r of a matrix is row r of the four. q, k and v come from operands_attention_vec4.wgsl or
// operands_attention_scalar.wgsl.

// q·kᵀ of four heads of q and four of k. Element i of each column is key i.
fn scoresOf(qHeads: vec4u, kHeads: vec4u) -> mat4x4f {
  let q0 = keyStart(qHeads.x);
  let q1 = keyStart(qHeads.y);
  let q2 = keyStart(qHeads.z);
  let q3 = keyStart(qHeads.w);
  let k0 = keyStart(kHeads.x);
  let k1 = keyStart(kHeads.y);
  let k2 = keyStart(kHeads.z);
  let k3 = keyStart(kHeads.w);
  var scores = mat4x4f();
  for (var i = 0u; i < (size.keyDim + 3) / 4; i++) {
    let keys = mat4x4f(kQuad(k0, i), kQuad(k1, i), kQuad(k2, i), kQuad(k3, i));
    scores += transpose(keys) * mat4x4f(qQuad(q0, i), qQuad(q1, i), qQuad(q2, i), qQuad(q3, i));
  }
  return scores;
}

// weights · v over `quads` quads of keys from key `first` on. The elements of each column are a quad of columns of v.
// Keys past the last one repeat it, and weigh nothing.
fn sumsOf(first: u32, quads: u32, lastKey: u32, kvHead: u32, quad: u32) -> mat4x4f {
  let kvHeads = size.heads / size.group;
  var sums = mat4x4f();
  for (var j = 0u; j < quads; j++) {
    let head = min(first + 4 * j + vec4u(0, 1, 2, 3), vec4u(lastKey)) * kvHeads + kvHead;
    let v0 = vQuad(valueStart(head.x), quad);
    let v1 = vQuad(valueStart(head.y), quad);
    let v2 = vQuad(valueStart(head.z), quad);
    let v3 = vQuad(valueStart(head.w), quad);
    sums += mat4x4f(v0, v1, v2, v3) * weights[j];
  }
  return sums;
}
