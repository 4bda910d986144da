// The gate of a mixture of experts: `Gate` in DeepSeek-V3's inference/model.py; arXiv:2412.19437, §2.1.2.

import { timesSigmoid } from './elements';
import { softmaxOfRow } from './rows';
import { loadSome, storeSome } from './simd';

// What an expert or a group is while others are chosen.
const CLOSED: u8 = 0;
const OPEN: u8 = 1;
const CHOSEN: u8 = 2;

/**
 * The weight of each expert for each token, 0 where it was not chosen.
 * @param logits and y `[t, e]`
 * @param bias `[e]`, or 0
 * @param sigmoid in place of softmax
 * @param scratch 14 · e bytes
 */
export function gate(
  logits: usize,
  bias: usize,
  y: usize,
  t: usize,
  e: usize,
  sigmoid: bool,
  groups: usize,
  topGroups: usize,
  topK: usize,
  normalize: bool,
  routeScale: f32,
  scratch: usize,
): void {
  const scores = scratch; // [e]
  const biased = scores + e * 4; // [e]
  const groupScores = biased + e * 4; // [groups]
  const open = groupScores + e * 4; // [e], a byte each, as those below
  const openGroups = open + e; // [groups]
  const size = e / groups;
  for (let token: usize = 0; token < t; token++, logits += e * 4, y += e * 4) {
    if (sigmoid) sigmoidOfRow(logits, scores, e);
    else softmaxOfRow(logits, scores, e);
    for (let i: usize = 0; i < e; i++) {
      const score = load<f32>(scores + i * 4);
      store<f32>(biased + i * 4, bias === 0 ? score : score + load<f32>(bias + i * 4));
    }

    memory.fill(open, OPEN, e);
    memory.fill(openGroups, OPEN, groups);
    for (let group: usize = 0; group < groups; group++) {
      const members = group * size;
      // The two best together, or the best one alone where there is no bias, as DeepSeek has it.
      const first = best(biased + members * 4, open + members, size);
      let score = load<f32>(biased + (members + first) * 4);
      if (bias !== 0 && size > 1) {
        store<u8>(open + members + first, CLOSED);
        const second = best(biased + members * 4, open + members, size);
        score += load<f32>(biased + (members + second) * 4);
      }
      store<f32>(groupScores + group * 4, score);
    }

    memory.fill(open, CLOSED, e);
    for (let i: usize = 0; i < topGroups; i++) {
      const group = best(groupScores, openGroups, groups);
      store<u8>(openGroups + group, CLOSED);
      memory.fill(open + group * size, OPEN, size);
    }

    let total: f32 = 0;
    for (let i: usize = 0; i < topK; i++) {
      const expert = best(biased, open, e);
      store<u8>(open + expert, CHOSEN);
      total += load<f32>(scores + expert * 4);
    }
    for (let i: usize = 0; i < e; i++) {
      const weight = (load<f32>(scores + i * 4) / (normalize ? total : 1)) * routeScale;
      store<f32>(y + i * 4, load<u8>(open + i) === CHOSEN ? weight : 0);
    }
  }
}

function sigmoidOfRow(x: usize, y: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) {
    storeSome(y + i * 4, timesSigmoid(f32x4.splat(1), loadSome(x + i * 4, n - i)), n - i);
  }
}

/** The index of the highest of those that are open, the lowest such where they are equal. NaN is above all, as in PyTorch's topk. */
function best(values: usize, open: usize, count: usize): usize {
  let found: usize = count;
  let highest: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    if (load<u8>(open + i) !== OPEN) continue;
    const value = load<f32>(values + i * 4);
    if (found === count || value > highest || (isNaN(value) && !isNaN(highest))) {
      found = i;
      highest = value;
    }
  }
  return found;
}
