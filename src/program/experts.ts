/**
 * A mixture of experts: the gate is on every rank and chooses for every token; each rank runs its own block of experts on
 * the tokens that chose them, and the sum over ranks adds up each token's experts. Which tokens those are is known only
 * from the data.
 */

import { LabError } from '../base/errors.ts';
import { checkDivides, checkSizes } from './checks.ts';
import type { MoeConfig } from './configs.ts';
import { type Cut, evenCut } from './cuts.ts';
import { choice, type Definition, HIDDEN, size, toggle } from './definition.ts';
import { type Layer, rowsInput } from './layer.ts';
import { linear } from './linear.ts';
import { mlpPartial } from './mlp.ts';
import { blocksByCount } from './modelConfig.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import { type Part, partial, type Value } from './program.ts';
import { shrinkMoe } from './shrink.ts';

/** What a checkpoint calls the half of a block that is a mixture of experts, and the weights of an expert. */
const NAMES = {
  common: { half: 'mlp', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
  mixtral: { half: 'block_sparse_moe', gate: 'w1', up: 'w3', down: 'w2' },
} as const;

export function namesOfExperts({ naming }: MoeConfig): (typeof NAMES)[keyof typeof NAMES] {
  return NAMES[naming ?? 'common'];
}

/** The shared experts are one MLP whose width is theirs together. */
export function sharedExperts({ hidden, intermediate, sharedExperts: count }: MoeConfig) {
  const width = intermediate * count;
  return { hidden, intermediate: width, activation: 'swiglu', bias: false, merged: false } as const;
}

/** x `[T, hidden]` → `[T, hidden]`: one all-reduce, or one for each part. */
export function mixtureOfExperts(b: ProgramBuilder, x: Value, config: MoeConfig): Value {
  if (config.reduce === 'once' || config.sharedExperts === 0) {
    const partial = mixtureOfExpertsPartial(b, x, config);
    b.stage('all-reduce');
    return b.allReduce('y', partial);
  }
  const routed = routedExperts(b, x, config);
  const shared = b.within('shared_experts', () => mlpPartial(b, x, sharedExperts(config)));
  b.stage('all-reduce', 'of the shared experts');
  const z = b.allReduce('z', shared);
  b.stage('all-reduce', 'of the routed experts');
  const sum = b.allReduce('routed', routed);
  b.stage('add');
  return b.add('y', sum, z);
}

/** Up to one partial `[T, hidden]`, in which the shared experts' is already added. */
export function mixtureOfExpertsPartial(b: ProgramBuilder, x: Value, config: MoeConfig): Value {
  const routed = routedExperts(b, x, config);
  if (config.sharedExperts === 0) return routed;
  const shared = b.within('shared_experts', () => mlpPartial(b, x, sharedExperts(config)));
  b.stage('add', 'partials, before the one sum');
  return b.add({ id: 'partial', step: 'routed + shared' }, routed, shared);
}

/** Σ over a rank's experts of weight · expert(x), for the tokens that chose them; zeros for the others. */
function routedExperts(b: ProgramBuilder, x: Value, config: MoeConfig): Value {
  check(config);
  const { hidden, intermediate, experts: count } = config;
  const { topK, score, groups, topGroups, normalize, routeScale } = config;
  const experts = evenCut('expert', count, b.worldSize);

  b.stage('gate', 'the same on every rank');
  const logits = linear(b, 'logits', x, { name: 'gate', label: 'Wg', out: count, in: hidden }); // [T, experts]
  const bias = config.gateBias
    ? b.weight('gate.e_score_correction_bias', { label: 'bias', shape: [count] })
    : undefined;
  const options = { topK, score, groups, topGroups, normalize, routeScale };
  const weights = b.gate({ id: 'chosen', label: 'weights', step: `best ${topK}` }, logits, options, bias); // [T, experts]

  b.stage('experts', 'on the tokens that chose them');
  const sum = b.zeros({ id: 'routed partial', label: 'partial', placement: partial }, [b.tokens, hidden]);
  const names = namesOfExperts(config);
  const gate = weightOfExperts(b, { name: names.gate, label: 'Wgate' }, [intermediate, hidden], experts);
  const up = weightOfExperts(b, { name: names.up, label: 'Wup' }, [intermediate, hidden], experts);
  const down = weightOfExperts(b, { name: names.down, label: 'Wdown' }, [hidden, intermediate], experts);
  b.forEachExpert('experts', { weights, sum, experts }, (tokens) => {
    const xe = b.rows({ id: 'xe', step: 'x[tokens]' }, x, tokens); // [n, hidden]
    const g = b.linear({ id: 'g', step: 'x·Wgateᵀ' }, xe, gate); // [n, intermediate]
    const u = b.linear({ id: 'u', step: 'x·Wupᵀ' }, xe, up);
    const h = b.siluMul({ id: 'h', step: 'silu(g)·u' }, g, u);
    return b.linear('ye', h, down); // [n, hidden]
  });
  return sum;
}

/** A weight of each of a rank's experts: to a round of the loop it is that of its expert. */
function weightOfExperts(
  b: ProgramBuilder,
  { name, label }: { readonly name: string; readonly label: string },
  [out, width]: readonly [out: number, into: number],
  experts: Cut,
): Value {
  const prefix = b.named('experts');
  const parts = (rank: number): Part[] => {
    const { start, end } = experts.units[rank] ?? { start: 0, end: 0 };
    return Array.from({ length: end - start }, (_, i) => ({
      name: `${prefix}.${start + i}.${name}.weight`,
      rows: { start: 0, end: out },
      cols: { start: 0, end: width },
    }));
  };
  return b.weightsOfExperts(`experts.*.${name}.weight`, { label, shape: [out, width], experts, parts });
}

/** @throws LabError `input` where a size is none, or so many experts cannot be chosen */
function check({ sharedExperts: shared, routeScale, ...config }: MoeConfig): void {
  const { hidden, intermediate, experts, topK, groups, topGroups } = config;
  checkSizes('moe', { hidden, intermediate, experts, topK, groups, topGroups });
  checkSizes('moe', { sharedExperts: shared }, 0);
  checkDivides('moe', ['groups', groups], ['experts', experts]);
  if (topGroups > groups || topK > (topGroups * experts) / groups) {
    throw new LabError(
      'input',
      `moe: the best ${topK} experts of the best ${topGroups} of ${groups} groups cannot be chosen; a group has ` +
        `${experts / groups}.`,
    );
  }
  if (!Number.isFinite(routeScale)) {
    throw new LabError('input', `moe: routeScale is ${routeScale}; it needs to be a finite number.`);
  }
}

/** Beside the width. */
export const expertsFields = [
  size('intermediate', 'Width of an expert', 1024),
  size('experts', 'Experts', 64),
  size('topK', 'Experts of a token', 16),
  size('groups', 'Groups of experts', 16),
  size('topGroups', 'Groups of a token', 16, { applies: ({ groups }: MoeConfig) => groups > 1 }),
  size('sharedExperts', 'Shared experts', 4, { min: 0 }),
  choice('score', 'Score', [
    { value: 'sigmoid', label: 'sigmoid' },
    { value: 'softmax', label: 'softmax' },
  ]),
  toggle('gateBias', 'Bias of the gate', { hint: 'it only selects' }),
  toggle('normalize', 'Weights add up to one'),
  choice(
    'reduce',
    'All-reduce',
    [
      { value: 'each', label: 'one for each part' },
      { value: 'once', label: 'one for both' },
    ],
    {
      hint: 'DeepSeek-V3 sums shared and routed experts apart, V3.2 together',
      applies: ({ sharedExperts }: MoeConfig) => sharedExperts > 0,
    },
  ),
] satisfies readonly Definition<keyof MoeConfig>[];

export const mixtureOfExpertsLayer: Layer<'moe', MoeConfig> = {
  name: 'moe',
  label: 'Mixture of experts',
  caches: false,
  configOf: (model) =>
    blocksByCount(model)
      .map(({ mlp }) => mlp)
      .find((mlp) => mlp.kind === 'moe') ?? null,
  shrink: shrinkMoe,
  fields: () => [HIDDEN, ...expertsFields],
  halves: (config) => ({ mlp: { ...config, kind: 'moe' } }),
  write: (b, config) => mixtureOfExperts(b, rowsInput(b, config), config),
};
