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
// A row sees the keys from its `oldest` to before its `seen`, the first row the earliest. To what it does not see it adds 0,
// which weights of 0 would not do: 0 times NaN or an infinity is NaN. Three loops, for SwiftShader runs both sides of a
// branch.
fn sumsOf(first: u32, quads: u32, oldest: vec4u, seen: vec4u, kvHead: u32, quad: u32) -> mat4x4f {
  let lead = min(quads, (max(oldest.w, first) - first + 3) / 4);
  let seenByAll = clamp((max(seen.x, first) - first) / 4, lead, quads);
  var sums = mat4x4f();
  for (var j = 0u; j < lead; j++) {
    sums += seenProducts(first, j, oldest, seen, kvHead, quad);
  }
  for (var j = lead; j < seenByAll; j++) {
    let values = valuesOf(first + 4 * j + vec4u(0, 1, 2, 3), kvHead, quad);
    sums += values * weights[j];
  }
  for (var j = seenByAll; j < quads; j++) {
    sums += seenProducts(first, j, oldest, seen, kvHead, quad);
  }
  return sums;
}

// Of a quad of keys that some row does not see whole.
fn seenProducts(first: u32, j: u32, oldest: vec4u, seen: vec4u, kvHead: u32, quad: u32) -> mat4x4f {
  let key = first + 4 * j + vec4u(0, 1, 2, 3);
  let values = valuesOf(min(key, vec4u(seen.w - 1)), kvHead, quad);
  let w = weights[j];
  return mat4x4f(
    seenOf(values, sees(key, oldest.x, seen.x)) * w[0],
    seenOf(values, sees(key, oldest.y, seen.y)) * w[1],
    seenOf(values, sees(key, oldest.z, seen.z)) * w[2],
    seenOf(values, sees(key, oldest.w, seen.w)) * w[3],
  );
}

// oldest ≤ key < seen, in one comparison: what is before wraps around to a large number.
fn sees(key: vec4u, oldest: u32, seen: u32) -> vec4<bool> {
  return key - oldest < vec4u(seen - oldest);
}

fn valuesOf(key: vec4u, kvHead: u32, quad: u32) -> mat4x4f {
  let head = key * (size.heads / size.group) + kvHead;
  return mat4x4f(
    vQuad(valueStart(head.x), quad),
    vQuad(valueStart(head.y), quad),
    vQuad(valueStart(head.z), quad),
    vQuad(valueStart(head.w), quad),
  );
}

// By a mask of bits, a third of what `select` costs.
fn seenOf(values: mat4x4f, seen: vec4<bool>) -> mat4x4f {
  let mask = select(vec4u(), vec4u(0xffffffff), seen);
  return mat4x4f(
    bitcast<vec4f>(bitcast<vec4u>(values[0]) & mask.xxxx),
    bitcast<vec4f>(bitcast<vec4u>(values[1]) & mask.yyyy),
    bitcast<vec4f>(bitcast<vec4u>(values[2]) & mask.zzzz),
    bitcast<vec4f>(bitcast<vec4u>(values[3]) & mask.wwww),
  );
}
