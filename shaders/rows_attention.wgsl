// The rows of attention: queries and heads that read one key/value head, the heads of a token before the next token's.
// Four at a time, an element of a vector each. Stands before the kernels that take rows, which have `size`.
struct Rows {
  head: vec4u, // of all heads of all tokens
  oldest: vec4u, // key that a row sees
  seen: vec4u, // keys up to the last that it sees
}

// Past the last row it repeats, and is not to be stored.
fn rowsFrom(row: u32, kvHead: u32) -> Rows {
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(size.t * size.group - 1));
  let token = rows / size.group;
  return Rows(
    token * size.heads + kvHead * size.group + rows % size.group,
    max(size.start + token + 1, vec4u(size.window)) - size.window,
    size.start + select(vec4u(size.t), token + 1, size.causal == 1),
  );
}

// oldest ≤ key < seen, in one comparison: what is before wraps around to a large number.
fn sees(rows: Rows, key: u32) -> vec4<bool> {
  return vec4u(key) - rows.oldest < rows.seen - rows.oldest;
}

// Column r of `sums` is a quad of columns of row r.
fn plusOuterProduct(sums: mat4x4f, a: vec4f, b: vec4f) -> mat4x4f {
  return mat4x4f(fma(a.xxxx, b, sums[0]), fma(a.yyyy, b, sums[1]), fma(a.zzzz, b, sums[2]), fma(a.wwww, b, sums[3]));
}

// What rows do not see adds nothing to their sums, which weights of 0 would not do: 0 times NaN or an infinity is NaN.
fn whereSeen(seen: vec4<bool>, next: mat4x4f, sums: mat4x4f) -> mat4x4f {
  return mat4x4f(
    select(sums[0], next[0], seen.x), select(sums[1], next[1], seen.y),
    select(sums[2], next[2], seen.z), select(sums[3], next[3], seen.w),
  );
}
