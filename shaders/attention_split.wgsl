// softmax(q·kᵀ·scale)·v of few tokens, first pass of two: the keys are cut into spans, and a workgroup takes a span of a
// key/value head for the rows (queries and heads) that read it, so that keys and values are read once for all of them; of
// more than 4·ROWS several do, side by side. It leaves their sums over the span, and attention_join.wgsl joins those of all
// spans: as Flash-Decoding does (Dao et al. 2023), for a token has fewer heads than a GPU has processors, and many keys.
//
// Spans begin at multiples of WIDTH keys, counted from the first token, and a row skips what it does not see. So its
// arithmetic depends on nothing but itself, the keys that it sees and their number. In a span an element's terms are
// added in CHAINS chains of fused multiply-adds, key after CHAINS-th key, and by a tree; a score's in four along the head.
//
// `const` ROWS, CHAINS, COLUMNS and WIDTH = CHAINS·COLUMNS stand before it. q, k and v come from operands_attention_*.wgsl,
// Rows from rows_attention.wgsl, sumOf4 and maxOf4 from reduce_of4.wgsl, orderOf and valueOf from order.wgsl, LOWEST and
// expBelow from exponential.wgsl, Size from size_attention.wgsl. Element r of a vector is row r of four.

// [T·H, spans, ⌈valueDim/4⌉ + 1]: of each row and span Σ weight·v; behind them the highest score, and Σ weight.
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(4) var<uniform> size: Size;

var<workgroup> weights: array<array<vec4f, WIDTH>, ROWS>; // of the span's keys

// The grid has an upper limit, so each workgroup steps through the work by the size of the grid.
@compute @workgroup_size(WIDTH)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let kvHeads = size.heads / size.group;
  let rows = size.t * size.group;
  let blocks = (rows + 4 * ROWS - 1) / (4 * ROWS);
  let begin = (max(size.start + 1, size.window) - size.window) / WIDTH; // of the first query, which looks back furthest
  let spans = (size.start + size.t + WIDTH - 1) / WIDTH - begin;
  let quads = (size.valueDim + 3) / 4;
  let chain = invocation / COLUMNS;
  for (var item = workgroup.x; item < kvHeads * blocks * spans; item += workgroups.x) {
    let firstRow = item % blocks * 4 * ROWS;
    let span = item / blocks % spans;
    let kvHead = item / blocks / spans;
    let first = (begin + span) * WIDTH;
    let seen = rowsFrom(min(firstRow + 4 * ROWS, rows) - 1, kvHead).seen.x; // by the row that sees furthest
    let end = min(first + WIDTH, seen);
    var own: array<Rows, ROWS>;
    var queries: array<vec4u, ROWS>;
    for (var b = 0u; b < ROWS; b++) {
      own[b] = rowsFrom(firstRow + 4 * b, kvHead);
      let head = own[b].head;
      queries[b] = vec4u(keyStart(head.x), keyStart(head.y), keyStart(head.z), keyStart(head.w));
    }

    let key = first + invocation;
    let keyAt = keyStart(min(key, seen - 1) * kvHeads + kvHead);
    var dots = array<mat4x4f, ROWS>();
    for (var i = 0u; i < (size.keyDim + 3) / 4; i++) {
      let quad = kQuad(keyAt, i);
      for (var b = 0u; b < ROWS; b++) {
        let at = queries[b];
        dots[b] = mat4x4f(
          fma(qQuad(at.x, i), quad, dots[b][0]),
          fma(qQuad(at.y, i), quad, dots[b][1]),
          fma(qQuad(at.z, i), quad, dots[b][2]),
          fma(qQuad(at.w, i), quad, dots[b][3]),
        );
      }
    }
    var tops: array<vec4f, ROWS>;
    var totals: array<vec4f, ROWS>;
    for (var b = 0u; b < ROWS; b++) {
      let visible = sees(own[b], key);
      let byChain = transpose(dots[b]);
      let scores = ((byChain[0] + byChain[1]) + (byChain[2] + byChain[3])) * size.scale;
      let orders = maxOf4(orderOf(select(vec4f(LOWEST), scores, visible)), invocation);
      tops[b] = valueOf(max(orders, orderOf(vec4f(LOWEST))));
      let weight = select(vec4f(), expBelow(scores - tops[b]), visible);
      weights[b][invocation] = weight;
      totals[b] = sumOf4(weight, 1, invocation); // its barriers also show the weights
    }

    for (var firstQuad = 0u; firstQuad < quads; firstQuad += COLUMNS) {
      let quad = firstQuad + invocation % COLUMNS;
      var sums = array<mat4x4f, ROWS>();
      for (var at = first + chain; at < end; at += CHAINS) {
        let values = vQuad(valueStart(at * kvHeads + kvHead), min(quad, quads - 1));
        for (var b = 0u; b < ROWS; b++) {
          sums[b] = whereSeen(sees(own[b], at), plusOuterProduct(sums[b], weights[b][at - first], values), sums[b]);
        }
      }
      for (var b = 0u; b < ROWS; b++) {
        for (var r = 0u; r < 4; r++) {
          if (firstRow + 4 * b + r >= rows) { break; }
          let ofChains = sumOf4(sums[b][r], COLUMNS, invocation); // its barriers also keep the weights until all have read
          let at = (own[b].head[r] * spans + span) * (quads + 1);
          if (chain == 0 && quad < quads) { parts[at + quad] = ofChains; }
          if (chain == 0 && quad == 0) { parts[at + quads] = vec4f(tops[b][r], totals[b][r], 0, 0); }
        }
      }
    }
  }
}
