// y = the weight of each expert for each token, 0 where it was not chosen; an invocation a token. The gate of DeepSeek-V3
// (`Gate` in inference/model.py; arXiv:2412.19437, §2.1.2): the bias decides who is chosen and does not weigh.
// While it chooses, y holds orders of the scores that are compared, among which NaN is the highest, as in PyTorch's topk.
//
// LOWEST, expBelow and sigmoid come from exponential.wgsl, orderOf, valueOf, TOP, BOTTOM and Choice from order.wgsl.

struct Size {
  t: u32,
  e: u32, // experts
  size: u32, // experts in a group
  topK: u32,
  topGroups: u32,
  softmax: u32, // 1: scores are a softmax over the experts; 0: a sigmoid each
  biased: u32, // 1 where b counts, 0 where it is a stand-in
  normalize: u32,
  routeScale: f32,
}

@group(0) @binding(0) var<storage, read> logits: array<f32>; // [T, E]
@group(0) @binding(1) var<storage, read> b: array<f32>; // [E]
@group(0) @binding(2) var<storage, read_write> y: array<i32>; // [T, E], in the end the bits of floats
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

@compute @workgroup_size(WIDTH)
fn gate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var token = id.x; token < size.t; token += workgroups.x * WIDTH) {
    gateOf(token * size.e); // where its logits begin
  }
}

fn gateOf(at: u32) {
  var top = LOWEST;
  var sum = 0.0;
  if (size.softmax == 1) {
    for (var e = 0u; e < size.e; e++) {
      top = max(top, logits[at + e]); // may drop a NaN, which then comes out of the sum
    }
    for (var e = 0u; e < size.e; e++) {
      sum += expBelow(logits[at + e] - top);
    }
  }
  for (var e = 0u; e < size.e; e++) {
    y[at + e] = orderOf(score(logits[at + e], top, sum) + select(0.0, b[e], size.biased == 1));
  }
  if (size.topGroups < size.e / size.size) {
    leaveBestGroups(at);
  }

  var last = Choice(TOP, 0);
  for (var i = 0u; i < size.topK; i++) {
    var next = Choice(BOTTOM, size.e);
    for (var e = 0u; e < size.e; e++) {
      if (y[at + e] > next.order && standsBehind(y[at + e], e, last)) {
        next = Choice(y[at + e], e);
      }
    }
    last = next;
  }
  var total = 0.0;
  for (var e = 0u; e < size.e; e++) {
    total += select(score(logits[at + e], top, sum), 0.0, standsBehind(y[at + e], e, last));
  }
  for (var e = 0u; e < size.e; e++) {
    let weight = score(logits[at + e], top, sum) / select(1.0, total, size.normalize == 1) * size.routeScale;
    y[at + e] = bitcast<i32>(select(weight, 0.0, standsBehind(y[at + e], e, last)));
  }
}

fn score(logit: f32, top: f32, sum: f32) -> f32 {
  if (size.softmax == 1) {
    return expBelow(logit - top) / sum;
  }
  return sigmoid(logit);
}

// Takes the experts of all but the best groups out of the choice.
fn leaveBestGroups(at: u32) {
  let groups = size.e / size.size;
  var last = Choice(TOP, 0);
  for (var i = 0u; i < size.topGroups; i++) {
    var next = Choice(BOTTOM, groups);
    for (var g = 0u; g < groups; g++) {
      let value = groupScore(at + g * size.size);
      if (value > next.order && standsBehind(value, g, last)) {
        next = Choice(value, g);
      }
    }
    last = next;
  }
  for (var g = 0u; g < groups; g++) {
    let first = at + g * size.size;
    if (standsBehind(groupScore(first), g, last)) {
      for (var e = first; e < first + size.size; e++) {
        y[e] = BOTTOM;
      }
    }
  }
}

// The two best experts of the group together, or the best one alone where there is no bias, as DeepSeek has it.
fn groupScore(first: u32) -> i32 {
  var best = y[first];
  var second = BOTTOM;
  for (var e = first + 1; e < first + size.size; e++) {
    second = max(second, min(best, y[e]));
    best = max(best, y[e]);
  }
  if (size.biased == 1 && size.size > 1) {
    return orderOf(valueOf(best) + valueOf(second));
  }
  return best;
}
