// y = the K largest of each row of x, the largest first, behind them their indices, and in the end Σ e^(x − largest); a
// workgroup a row. Of equal ones the lower index stands in front. A row of fewer is filled up with −∞ at index −1.
//
// An invocation keeps the best of its own stripe, every WIDTH-th element. When that is taken, all look through the stripe
// for its next one: the rest of the row is read once.
//
// WIDTH and sumOfAll come from reduce.wgsl, expBelow from exponential.wgsl; orderOf, valueOf, TOP, BOTTOM, Choice and standsBehind from order.wgsl.

struct Size {
  m: u32,
  n: u32,
  k: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [M, N]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [M, 2·K + 1]
@group(0) @binding(2) var<uniform> size: Size;

const NEGATIVE_INFINITY = 0xff800000u;

var<workgroup> stripes: array<Choice, WIDTH>; // the best of each that is not taken
var<workgroup> choices: array<Choice, WIDTH>;

// The grid has an upper limit, so each workgroup steps through the rows by the size of the grid.
@compute @workgroup_size(WIDTH)
fn topK(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  for (var row = workgroup.x; row < size.m; row += workgroups.x) {
    let first = row * size.n;
    var own = Choice(BOTTOM, size.n);
    for (var i = invocation; i < size.n; i += WIDTH) {
      own = better(own, Choice(orderOf(x[first + i]), i));
    }
    stripes[invocation] = own;
    let largest = valueOf(bestOfAll(own, invocation).order);
    var partial = 0.0;
    for (var i = invocation; i < size.n; i += WIDTH) {
      partial += expBelow(x[first + i] - largest);
    }
    let sum = sumOfAll(partial, invocation);
    let begin = row * (2 * size.k + 1);
    if (invocation == 0) {
      y[begin + 2 * size.k] = sum;
    }

    for (var i = 0u; i < size.k; i++) {
      let best = bestOfAll(stripes[invocation], invocation);
      let there = best.index < size.n;
      if (invocation == 0) {
        let at = begin + i;
        // As bits: an arithmetic −∞ is one that WGSL may assume away.
        y[at] = bitcast<f32>(select(NEGATIVE_INFINITY, bitcast<u32>(valueOf(best.order)), there));
        y[at + size.k] = select(-1.0, f32(best.index), there);
      }
      let stripe = best.index % WIDTH;
      var next = Choice(BOTTOM, size.n);
      for (var j = stripe + invocation * WIDTH; j < size.n; j += WIDTH * WIDTH) {
        let order = orderOf(x[first + j]);
        if (standsBehind(order, j, best)) {
          next = better(next, Choice(order, j));
        }
      }
      next = bestOfAll(next, invocation);
      if (invocation == stripe) {
        stripes[invocation] = next;
      }
      workgroupBarrier();
    }
  }
}

fn better(a: Choice, b: Choice) -> Choice {
  if (standsBehind(a.order, a.index, b)) {
    return b;
  }
  return a;
}

// By a tree, as those of reduce.wgsl. Every invocation has to call it together, for they wait.
fn bestOfAll(choice: Choice, invocation: u32) -> Choice {
  choices[invocation] = choice;
  workgroupBarrier();
  for (var count = WIDTH / 2; count > 0; count /= 2) {
    if (invocation < count) {
      choices[invocation] = better(choices[invocation], choices[invocation + count]);
    }
    workgroupBarrier();
  }
  let best = choices[0];
  workgroupBarrier(); // nobody starts the next one before all have read
  return best;
}
