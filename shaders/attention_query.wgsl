// y = softmax(q·kᵀ·scale)·v for each head, a workgroup a query of a head.
//
// For software adapters, where the scores are few. There what takes time is to compile, and of that each load and each
// element of workgroup memory: SwiftShader takes a sixth of what attention_registers.wgsl takes, whose 32 loads stand in
// four loops. Four invocations are what it runs as one: they share the keys, and then the columns of v.
//
// Tiles of keys and online softmax as in attention_tiles.wgsl; the sums so far wait in y. A query's arithmetic depends on
// nothing but its own row, the keys that it sees and their number. max() may drop a NaN among the scores, which then comes
// out of its weight.
//
// q, k and v come from operands_attention_*.wgsl, y from sums_attention_*.wgsl, LOWEST and expBelow from exponential.wgsl,
// Size from size_attention.wgsl.

@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup, in invocations
override TILE: u32; // in keys

var<workgroup> weights: array<f32, TILE>; // scores, at first
var<workgroup> tops: array<f32, WIDTH>; // the highest score among an invocation's keys
var<workgroup> totals: array<f32, WIDTH>; // their weights so far

// The grid has an upper limit, so each workgroup steps through the queries by the size of the grid.
@compute @workgroup_size(WIDTH)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let kvHeads = size.heads / size.group;
  for (var query = workgroup.x; query < size.t * size.heads; query += workgroups.x) {
    let token = query / size.heads;
    let kvHead = query % size.heads / size.group;
    let keys = size.start + select(size.t, token + 1, size.causal == 1);
    let oldest = max(size.start + token + 1, size.window) - size.window; // key that it sees
    let queryAt = keyStart(query);
    let sumAt = sumStart(query);

    var top = LOWEST;
    var own = 0.0; // weights of this invocation's keys
    for (var first = oldest; first < keys; first += TILE) {
      let count = min(TILE, keys - first);
      var highest = top;
      for (var j = invocation; j < count; j += WIDTH) {
        let keyAt = keyStart((first + j) * kvHeads + kvHead);
        var dots = vec4f();
        for (var i = 0u; i < (size.keyDim + 3) / 4; i++) {
          dots = fma(qQuad(queryAt, i), kQuad(keyAt, i), dots);
        }
        let score = (dots.x + dots.y + dots.z + dots.w) * size.scale;
        weights[j] = score;
        highest = max(highest, score);
      }
      tops[invocation] = highest;
      workgroupBarrier();

      for (var i = 0u; i < WIDTH; i++) {
        highest = max(highest, tops[i]);
      }
      let shrink = expBelow(top - highest);
      top = highest;
      own *= shrink;
      for (var j = invocation; j < count; j += WIDTH) {
        let weight = expBelow(weights[j] - top);
        weights[j] = weight;
        own += weight;
      }
      totals[invocation] = own;
      workgroupBarrier();

      var total = 0.0;
      for (var i = 0u; i < WIDTH; i++) {
        total += totals[i];
      }
      let divisor = select(1.0, total, first + TILE >= keys);
      for (var quad = invocation; quad < (size.valueDim + 3) / 4; quad += WIDTH) {
        var sum = vec4f();
        for (var j = 0u; j < count; j++) {
          sum = fma(vec4f(weights[j]), vQuad(valueStart((first + j) * kvHeads + kvHead), quad), sum);
        }
        if (first > oldest) {
          sum += yQuad(sumAt, quad) * shrink;
        }
        store(sumAt, quad, sum / divisor);
      }
      workgroupBarrier(); // nobody writes the next scores before all have read these weights
    }
  }
}
