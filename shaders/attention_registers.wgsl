// y = softmax(q·kᵀ·scale)·v for each head, a workgroup four rows: queries and heads that read one key/value head.
//
// For software adapters; attention_products.wgsl says why. On SwiftShader and two cores, 8 heads of 64 columns take 3 ms
// for 64 tokens and 130 ms for 512, where attention_tiles.wgsl takes 24 and 1,350 at its best width.
//
// Tiles of keys and online softmax as in attention_tiles.wgsl; the sums so far wait in y. A row's arithmetic depends on
// nothing but itself, the keys that it sees and their number: for keys that only others of the four see it adds zeros.
// max() may drop a NaN among the scores, which then comes out of its weight.
//
// y comes from operands_attention_vec4.wgsl or operands_attention_scalar.wgsl, scoresOf and sumsOf from
// attention_products.wgsl, LOWEST and expBelow from exponential.wgsl, Size from size_attention.wgsl.

@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup, in invocations
override TILE: u32; // in quads of keys

// Column r of a matrix is row r of the four, and its elements are keys.
var<workgroup> weights: array<mat4x4f, TILE>; // scores, at first
var<workgroup> tops: array<vec4f, WIDTH>; // the highest score of each row among an invocation's keys

@compute @workgroup_size(WIDTH)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let kvHeads = size.heads / size.group;
  let rows = size.t * size.group;
  for (var item = workgroup.x; item < (rows + 3) / 4 * kvHeads; item += workgroups.x) {
    let kvHead = item % kvHeads;
    let firstRow = item / kvHeads * 4;
    let row = min(firstRow + vec4u(0, 1, 2, 3), vec4u(rows - 1)); // past the last one it repeats, and is not stored
    let token = row / size.group;
    let head = token * size.heads + kvHead * size.group + row % size.group;
    let seen = size.start + select(vec4u(size.t), token + 1, size.causal == 1);
    let oldest = max(size.start + token + 1, vec4u(size.window)) - size.window;
    let keys = seen.w; // the row that sees furthest
    let begin = oldest.x / (4 * TILE) * (4 * TILE); // all rows cut the keys into the same tiles, whoever their neighbours are

    var top = vec4f(LOWEST);
    var total = vec4f();
    for (var first = begin; first < keys; first += 4 * TILE) {
      let quads = min(TILE, (keys - first + 3) / 4);
      var highest = vec4f(LOWEST);
      for (var j = invocation; j < quads; j += WIDTH) {
        let key = first + 4 * j + vec4u(0, 1, 2, 3);
        let scores = masked(scoresOf(head, min(key, vec4u(keys - 1)) * kvHeads + kvHead), key, oldest, seen);
        weights[j] = scores;
        let byKey = transpose(scores);
        highest = max(highest, max(max(byKey[0], byKey[1]), max(byKey[2], byKey[3])));
      }
      tops[invocation] = highest;
      workgroupBarrier();

      var newTop = top;
      for (var i = 0u; i < WIDTH; i++) {
        newTop = max(newTop, tops[i]);
      }
      for (var j = invocation; j < quads; j += WIDTH) {
        let key = first + 4 * j + vec4u(0, 1, 2, 3);
        let s = weights[j];
        weights[j] = mat4x4f(
          weightsOf(s[0] - newTop.x, sees(key, oldest.x, seen.x)),
          weightsOf(s[1] - newTop.y, sees(key, oldest.y, seen.y)),
          weightsOf(s[2] - newTop.z, sees(key, oldest.z, seen.z)),
          weightsOf(s[3] - newTop.w, sees(key, oldest.w, seen.w)),
        );
      }
      let shrink = expBelow(top - newTop);
      top = newTop;
      workgroupBarrier();

      total *= shrink;
      for (var j = 0u; j < quads; j++) {
        total += vec4f(1) * weights[j];
      }
      let divisor = select(vec4f(1), total, first + 4 * TILE >= keys);
      for (var quad = invocation; quad < (size.valueDim + 3) / 4; quad += WIDTH) {
        var sums = sumsOf(first, quads, oldest, seen, kvHead, quad);
        for (var r = 0u; r < min(4, rows - firstRow); r++) {
          let at = sumStart(head[r]);
          if (first > begin) {
            sums[r] += yQuad(at, quad) * shrink[r];
          }
          store(at, quad, sums[r] / divisor[r]);
        }
      }
      workgroupBarrier(); // nobody writes the next scores before all have read these weights
    }
  }
}

// A row's highest score is among those of keys that it sees.
fn masked(scores: mat4x4f, key: vec4u, oldest: vec4u, seen: vec4u) -> mat4x4f {
  let s = scores * size.scale;
  let lowest = vec4f(LOWEST);
  return mat4x4f(
    select(lowest, s[0], sees(key, oldest.x, seen.x)),
    select(lowest, s[1], sees(key, oldest.y, seen.y)),
    select(lowest, s[2], sees(key, oldest.z, seen.z)),
    select(lowest, s[3], sees(key, oldest.w, seen.w)),
  );
}

// Keys that the row does not see weigh nothing, even where it sees none but those of score −∞.
fn weightsOf(below: vec4f, seen: vec4<bool>) -> vec4f {
  return select(vec4f(), expBelow(below), seen);
}
