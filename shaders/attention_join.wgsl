// y = softmax(q·kᵀ·scale)·v of few tokens, second pass of two: a workgroup a query of a head adds the sums that
// attention_split.wgsl left of each span of keys, each shrunk to the highest score of all.
//
// Spans are added from the first that the query sees to the last, in one chain of fused multiply-adds for each column;
// their weights in one chain an invocation and then by a tree. NaN comes out of the highest score, or of a sum.
//
// `const SPAN`, the keys of a span, stands before it. WIDTH, sumOfAll and maxOfAll come from reduce.wgsl, orderOf and
// valueOf from order.wgsl, LOWEST and expBelow from exponential.wgsl, Size from size_attention.wgsl.

@group(0) @binding(0) var<storage, read> parts: array<vec4f>; // as attention_split.wgsl says
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [T, H·valueDim]
@group(0) @binding(2) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the queries by the size of the grid.
@compute @workgroup_size(WIDTH)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let quads = (size.valueDim + 3) / 4;
  let begin = (max(size.start + 1, size.window) - size.window) / SPAN; // of the first query
  let spans = (size.start + size.t + SPAN - 1) / SPAN - begin;
  for (var query = workgroup.x; query < size.t * size.heads; query += workgroups.x) {
    let token = query / size.heads;
    let seen = size.start + select(size.t, token + 1, size.causal == 1);
    let oldest = max(size.start + token + 1, size.window) - size.window;
    let firstSpan = oldest / SPAN - begin;
    let endSpan = (seen + SPAN - 1) / SPAN - begin;

    var highest = orderOf(LOWEST);
    for (var span = firstSpan + invocation; span < endSpan; span += WIDTH) {
      highest = max(highest, orderOf(parts[(query * spans + span) * (quads + 1) + quads].x));
    }
    let top = valueOf(maxOfAll(highest, invocation));
    var partial = 0.0;
    for (var span = firstSpan + invocation; span < endSpan; span += WIDTH) {
      let ends = parts[(query * spans + span) * (quads + 1) + quads];
      partial = fma(ends.y, expBelow(ends.x - top), partial);
    }
    let total = sumOfAll(partial, invocation);
    for (var c = invocation; c < size.valueDim; c += WIDTH) {
      var sum = 0.0;
      for (var span = firstSpan; span < endSpan; span++) {
        let at = (query * spans + span) * (quads + 1);
        sum = fma(parts[at + c / 4][c % 4], expBelow(parts[at + quads].x - top), sum);
      }
      y[query * size.valueDim + c] = sum / total;
    }
  }
}
