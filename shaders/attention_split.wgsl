// softmax(q·kᵀ·scale)·v of few tokens, first pass of two: the keys are cut into spans, and a workgroup takes a span of a
// key/value head for four of the rows (queries and heads) that read it, so that keys and values are read once for all of
// them. It leaves their sums over the span, and attention_join.wgsl joins those of all spans: as Flash-Decoding
// does (Dao et al. 2023), for a token has fewer heads than a GPU has processors, and many keys.
//
// Spans begin at multiples of WIDTH keys, counted from the first token, and a row skips what it does not see. So its
// arithmetic depends on nothing but itself, the keys that it sees and their number. In a span an element's terms are
// added in LANES chains of fused multiply-adds, key after LANES-th key, and by a tree; a score's in four along the head.
//
// `const` LANES, COLUMNS and WIDTH = LANES·COLUMNS stand before it. q, k and v come from operands_attention_*.wgsl,
// sumOf4, maxOf4, orderOf4 and valueOf4 from reduce_of4.wgsl, LOWEST and expBelowOf4 from exponential.wgsl, Size from
// size_attention.wgsl. Column r of a matrix, and element r of a vector, is row r of the four.

// [T·H, spans, ⌈valueDim/4⌉ + 1]: of each row and span Σ weight·v; behind them the highest score, and Σ weight.
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(4) var<uniform> size: Size;

var<workgroup> weights: array<vec4f, WIDTH>; // of the span's keys

// The grid has an upper limit, so each workgroup steps through the work by the size of the grid.
@compute @workgroup_size(WIDTH)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let kvHeads = size.heads / size.group;
  let rows = size.t * size.group;
  let begin = (max(size.start + 1, size.window) - size.window) / WIDTH; // of the first query, which looks back furthest
  let spans = (size.start + size.t + WIDTH - 1) / WIDTH - begin;
  let quads = (size.valueDim + 3) / 4;
  let lane = invocation / COLUMNS;
  for (var item = workgroup.x; item < kvHeads * ((rows + 3) / 4) * spans; item += workgroups.x) {
    let span = item % spans;
    let kvHead = item / spans % kvHeads;
    let firstRow = item / spans / kvHeads * 4;
    let row = min(firstRow + vec4u(0, 1, 2, 3), vec4u(rows - 1)); // past the last one it repeats, and is not stored
    let token = row / size.group;
    let head = token * size.heads + kvHead * size.group + row % size.group;
    let oldest = max(size.start + token + 1, vec4u(size.window)) - size.window; // key that a row sees
    let seen = size.start + select(vec4u(size.t), token + 1, size.causal == 1); // keys up to the last that it sees
    let first = (begin + span) * WIDTH;
    let end = min(first + WIDTH, seen.w); // of the row that sees furthest

    let key = first + invocation;
    let visible = sees(key, oldest, seen);
    let keyAt = keyStart(min(key, seen.w - 1) * kvHeads + kvHead);
    let queryAt = vec4u(keyStart(head.x), keyStart(head.y), keyStart(head.z), keyStart(head.w));
    var dots = mat4x4f();
    for (var i = 0u; i < (size.keyDim + 3) / 4; i++) {
      let quad = kQuad(keyAt, i);
      dots = mat4x4f(
        fma(qQuad(queryAt.x, i), quad, dots[0]),
        fma(qQuad(queryAt.y, i), quad, dots[1]),
        fma(qQuad(queryAt.z, i), quad, dots[2]),
        fma(qQuad(queryAt.w, i), quad, dots[3]),
      );
    }
    let byChain = transpose(dots);
    let scores = ((byChain[0] + byChain[1]) + (byChain[2] + byChain[3])) * size.scale;
    let orders = maxOf4(orderOf4(select(vec4f(LOWEST), scores, visible)), invocation);
    let tops = valueOf4(max(orders, orderOf4(vec4f(LOWEST))));
    let own = select(vec4f(), expBelowOf4(scores - tops), visible);
    weights[invocation] = own;
    let totals = sumOf4(own, 1, invocation); // its barriers also show the weights

    for (var firstQuad = 0u; firstQuad < quads; firstQuad += COLUMNS) {
      let quad = firstQuad + invocation % COLUMNS;
      var sum = mat4x4f();
      for (var at = first + lane; at < end; at += LANES) {
        let values = vQuad(valueStart(at * kvHeads + kvHead), min(quad, quads - 1));
        let w = weights[at - first];
        let here = sees(at, oldest, seen);
        sum = mat4x4f(
          select(sum[0], fma(w.xxxx, values, sum[0]), here.xxxx), // for 0 times NaN or an infinity is NaN
          select(sum[1], fma(w.yyyy, values, sum[1]), here.yyyy),
          select(sum[2], fma(w.zzzz, values, sum[2]), here.zzzz),
          select(sum[3], fma(w.wwww, values, sum[3]), here.wwww),
        );
      }
      for (var r = 0u; r < min(4, rows - firstRow); r++) { // its barriers also keep the weights until all have read
        let ofLanes = sumOf4(sum[r], COLUMNS, invocation);
        let at = (head[r] * spans + span) * (quads + 1);
        if (lane == 0 && quad < quads) { parts[at + quad] = ofLanes; }
        if (lane == 0 && quad == 0) { parts[at + quads] = vec4f(tops[r], totals[r], 0, 0); }
      }
    }
  }
}

// oldest ≤ key < seen, in one comparison: what is before wraps around to a large number.
fn sees(key: u32, oldest: vec4u, seen: vec4u) -> vec4<bool> {
  return vec4u(key) - oldest < seen - oldest;
}
