// y = softmax(q·kᵀ·scale)·v for each head, a workgroup a tile of rows, which are queries and heads that read one key/value
// head: so keys and values are read once for all of them. Of heads of v wider than its registers hold it sums a part.
//
// For GPUs. The scores are never stored: the workgroup walks along the keys in tiles, and when a tile raises a row's
// maximum, what was summed so far shrinks to fit (online softmax; Milakov & Gimelshein 2018, arXiv:1805.02867, and
// FlashAttention, arXiv:2205.14135). Its two products go as in linear_tiles.wgsl: an invocation has a block of scores, and
// then of sums, in registers, and slabs of q, k and v pass through workgroup memory.
//
// A row's arithmetic depends on nothing but itself, the keys that it sees and their places. A score is one chain of fused
// multiply-adds along the head, and a sum one along the keys, shrunk before each tile. Tiles begin at multiples of 4·KEYS,
// counted from the first token, and where a row sees nothing that others see, it adds nothing.
//
// `const` ROWS and KEYS of a tile and DEPTH of a slab along the head, in quads, multiples of 8 and a divisor of 8, and
// COLUMNS, the quads of v that an invocation sums, stand before it. Arrays and products come from attention_slabs.wgsl,
// Rows from rows_attention.wgsl, q, k and v from operands_attention_*.wgsl, y from sums_attention_*.wgsl, orderOf and
// valueOf from order.wgsl, LOWEST and expBelow from exponential.wgsl, Size from size_attention.wgsl.

@group(0) @binding(4) var<uniform> size: Size;

// The grid has an upper limit, so each workgroup steps through the tiles by the size of the grid.
@compute @workgroup_size(INVOCATIONS)
fn attention(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let kvHeads = size.heads / size.group;
  let rows = size.t * size.group;
  let tiles = (rows + 4 * ROWS - 1) / (4 * ROWS);
  let valueQuads = (size.valueDim + 3) / 4;
  let rooms = (valueQuads + QUADS - 1) / QUADS;
  let ofRows = invocation / KEYS; // quads that it multiplies
  let ofKeys = invocation % KEYS;
  let loads = invocation / DEPTH; // quad that it loads, of keys and behind them of rows

  for (var item = workgroup.x; item < tiles * kvHeads * rooms; item += workgroups.x) {
    let firstQuad = item % rooms * QUADS;
    let kvHead = item / rooms % kvHeads;
    let firstRow = (tiles - 1 - item / rooms / kvHeads) * 4 * ROWS; // the last first, which see the most keys
    let first = rowsFrom(firstRow, kvHead);
    let last = rowsFrom(firstRow + 4 * ROWS - 4, kvHead);
    let own = rowsFrom(firstRow + 4 * ofRows, kvHead);
    let queries = rowsFrom(firstRow + 4 * (max(loads, KEYS) - KEYS), kvHead).head;
    let end = last.seen.w;

    var top = orderOf(vec4f(LOWEST));
    var total = vec4f();
    var sums = array<mat4x4f, COLUMNS>(); // column r of a matrix is row r of four
    for (var start = first.oldest.x / (4 * KEYS) * (4 * KEYS); start < end; start += 4 * KEYS) {
      let keys = min(start + 4 * loads + vec4u(0, 1, 2, 3), vec4u(end - 1)) * kvHeads + kvHead;
      let heads = select(queries, keys, vec4<bool>(loads < KEYS));
      var scores = mat4x4f(); // column j is key j of four
      for (var quad = 0u; quad < (size.keyDim + 3) / 4; quad += DEPTH) {
        loadColumns(heads, loads, quad + invocation % DEPTH); // neighbours side by side in memory
        workgroupBarrier();
        for (var step = 0u; step < 4 * DEPTH; step++) {
          let ks = slab[step * KEYS + place(ofKeys, step / 4)];
          scores = plusOuterProduct(scores, ks, qSlab[step * ROWS + place(ofRows, step / 4)]);
        }
        workgroupBarrier();
      }
      scores *= size.scale;

      var highest = top;
      for (var j = 0u; j < 4; j++) {
        highest = max(highest, orderOf(select(vec4f(LOWEST), scores[j], sees(own, start + 4 * ofKeys + j))));
      }
      tops[ofRows * KEYS + ofKeys] = highest;
      workgroupBarrier();
      for (var i = 0u; i < KEYS; i++) {
        highest = max(highest, tops[ofRows * KEYS + i]);
      }
      let newTop = valueOf(highest);
      for (var j = 0u; j < 4; j++) {
        let key = 4 * ofKeys + j;
        weights[weightAt(key, ofRows)] = select(vec4f(), expBelow(scores[j] - newTop), sees(own, start + key));
      }
      let shrink = select(expBelow(valueOf(top) - newTop), vec4f(1), highest == top);
      top = highest;
      total *= shrink;
      for (var c = 0u; c < COLUMNS; c++) {
        sums[c] = scaled(sums[c], shrink);
      }

      for (var at = start; at < min(start + 4 * KEYS, end); at += SLAB / QUADS) {
        for (var i = invocation; i < SLAB; i += INVOCATIONS) {
          let head = min(at + i / QUADS, end - 1) * kvHeads + kvHead;
          slab[i] = vQuad(valueStart(head), min(firstQuad + i % QUADS, valueQuads - 1));
        }
        workgroupBarrier(); // which also shows the weights
        let seenByAll = last.oldest.w <= at && at + SLAB / QUADS <= first.seen.x;
        for (var j = 0u; j < SLAB / QUADS; j++) {
          let w = weights[weightAt(at + j - start, ofRows)];
          total += w;
          for (var c = 0u; c < COLUMNS; c++) {
            let next = plusOuterProduct(sums[c], w, slab[j * QUADS + c * KEYS + ofKeys]);
            if (seenByAll) { sums[c] = next; } else { sums[c] = whereSeen(sees(own, at + j), next, sums[c]); }
          }
        }
        workgroupBarrier();
      }
    }

    for (var c = 0u; c < COLUMNS; c++) {
      let quad = firstQuad + c * KEYS + ofKeys;
      for (var r = 0u; r < 4; r++) {
        let isOwn = firstRow + 4 * ofRows + r < rows && quad < valueQuads;
        if (isOwn) { store(sumStart(own.head[r]), quad, sums[c][r] / total[r]); }
      }
    }
  }
}
