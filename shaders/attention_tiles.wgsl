// y = softmax(q·kᵀ·scale)·v for each head, a workgroup some columns of a query of a head: all, but for heads so wide that
// workgroup memory has no room for their sums.
//
// For GPUs, with everything that it reuses in workgroup memory.
//
// The scores are never stored: the workgroup walks along the keys in tiles, one key an invocation, and when a tile
// raises the maximum, what was summed so far shrinks to fit (online softmax; Milakov & Gimelshein 2018, arXiv:1805.02867,
// and FlashAttention, arXiv:2205.14135). A query's arithmetic depends on nothing but its own row, the keys and their
// number: the same bits come out however heads and queries are cut.
//
// WIDTH, sumOfAll and maxOfAll come from reduce.wgsl, orderOf and valueOf from order.wgsl, LOWEST and expBelow from
// exponential.wgsl, Size from size_attention.wgsl.

@group(0) @binding(0) var<storage, read> q: array<f32>; // [T, H·keyDim]
@group(0) @binding(1) var<storage, read> k: array<f32>; // [S, KV·keyDim]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [S, KV·valueStride]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [T, H·valueDim]
@group(0) @binding(4) var<uniform> size: Size;

override ROOM: u32; // columns of v that a workgroup sums

var<workgroup> weights: array<f32, WIDTH>; // of the tile's keys
var<workgroup> sums: array<f32, ROOM>; // weights · v so far; each column belongs to one invocation

// The grid has an upper limit, so each workgroup steps through the queries by the size of the grid.
@compute @workgroup_size(WIDTH)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let kvHeads = size.heads / size.group;
  let rooms = (size.valueDim + ROOM - 1) / ROOM;
  for (var item = workgroup.x; item < size.t * size.heads * rooms; item += workgroups.x) {
    let query = item / rooms; // of all heads
    let firstColumn = item % rooms * ROOM;
    let columns = min(ROOM, size.valueDim - firstColumn);
    let token = query / size.heads;
    let kvHead = query % size.heads / size.group;
    let keys = size.start + select(size.t, token + 1, size.causal == 1);
    let oldest = max(size.start + token + 1, size.window) - size.window; // key that it sees

    for (var c = invocation; c < columns; c += WIDTH) {
      sums[c] = 0.0;
    }

    var top = LOWEST;
    var total = 0.0;
    for (var first = oldest; first < keys; first += WIDTH) {
      let count = min(WIDTH, keys - first);
      var score = LOWEST;
      if (invocation < count) {
        let at = ((first + invocation) * kvHeads + kvHead) * size.keyDim;
        var dot = 0.0;
        for (var i = 0u; i < size.keyDim; i++) {
          dot += q[query * size.keyDim + i] * k[at + i];
        }
        score = dot * size.scale;
      }
      let newTop = valueOf(max(orderOf(top), maxOfAll(orderOf(score), invocation)));
      let weight = select(0.0, expBelow(score - newTop), invocation < count);
      weights[invocation] = weight; // behind maxOfAll's barriers: nobody reads those of the last tile any more
      let shrink = expBelow(top - newTop);
      total = total * shrink + sumOfAll(weight, invocation); // its barriers also show the weights

      for (var c = invocation; c < columns; c += WIDTH) {
        var sum = sums[c] * shrink;
        for (var j = 0u; j < count; j++) {
          sum += weights[j] * v[((first + j) * kvHeads + kvHead) * size.valueStride + firstColumn + c];
        }
        sums[c] = sum;
      }
      top = newTop;
    }

    for (var c = invocation; c < columns; c += WIDTH) {
      y[query * size.valueDim + firstColumn + c] = sums[c] / total;
    }
  }
}
