/**
 * A mixture of experts: the gate is on every rank and chooses for every token; each rank runs its own block of experts on
 * the tokens that chose them, and the sum over ranks adds up each token's experts. Which tokens those are is known only
 * from the data, so the plan takes it: before a run as an even spread, after it as the gate decided.
 */

import { addRowsFlops, gateFlops, linearFlops, siluMulFlops } from '../costs.ts';
import { lengthOf, type Range } from '../ranges.ts';
import type { MoeConfig } from './configs.ts';
import { planMlpPartial } from './mlp.ts';
import { cut, type PlanBuilder, partial, replicated } from './PlanBuilder.ts';
import { type PlannedTensor, rangeNote } from './plan.ts';
import { expertShares } from './shares.ts';

/** How many tokens chose each expert. */
export type Routing = readonly number[];

/** tokens · topK choices, spread as evenly as they go. */
export function evenRouting({ experts, topK }: MoeConfig, tokens: number): Routing {
  const choices = tokens * topK;
  return Array.from(
    { length: experts },
    (_, expert) => Math.floor(choices / experts) + (expert < choices % experts ? 1 : 0),
  );
}

/** The shared experts are one MLP whose width is theirs together. */
export function sharedExperts({ hidden, intermediate, sharedExperts: count }: MoeConfig) {
  const width = intermediate * count;
  return { hidden, intermediate: width, activation: 'swiglu', bias: false, merged: false } as const;
}

export function planMoe(
  plan: PlanBuilder,
  x: PlannedTensor,
  config: MoeConfig,
  routing: Routing,
): PlannedTensor {
  if (config.reduce === 'once' || config.sharedExperts === 0) {
    const product = planMoePartial(plan, x, config, routing);
    plan.stage('all-reduce', '');
    return plan.allReduce('y', product, 'y');
  }
  const routed = planRouted(plan, x, config, routing);
  const shared = plan.within('shared_experts', () => planMlpPartial(plan, x, sharedExperts(config)));
  plan.stage('all-reduce', 'of the shared experts');
  const z = plan.allReduce('z', shared, 'z');
  plan.stage('all-reduce', 'of the routed experts');
  const sum = plan.allReduce('routed', routed, 'routed');
  plan.stage('add', '');
  return plan.elementwise('add', 'y', { label: 'routed + z', inputs: [sum, z], cost: (n) => n }, 'y');
}

/** Up to one partial, in which the shared experts' is already added. */
export function planMoePartial(
  plan: PlanBuilder,
  x: PlannedTensor,
  config: MoeConfig,
  routing: Routing,
): PlannedTensor {
  const routed = planRouted(plan, x, config, routing);
  if (config.sharedExperts === 0) return routed;
  const shared = plan.within('shared_experts', () => planMlpPartial(plan, x, sharedExperts(config)));
  plan.stage('add', 'partials, before the one sum');
  return plan.elementwise(
    'add',
    'partial',
    { label: 'routed + shared', inputs: [routed, shared], cost: (n) => n },
    'partial',
  );
}

function planRouted(plan: PlanBuilder, x: PlannedTensor, config: MoeConfig, routing: Routing): PlannedTensor {
  const { hidden, intermediate, experts } = config;
  const tokens = x.shapes[0]?.[0] ?? 0;
  const shares = expertShares(experts, plan.worldSize);
  /** Tokens of each expert of a rank that has any. */
  const active = (rank: number): number[] => {
    const { start, end } = shares[rank] ?? { start: 0, end: 0 };
    return routing.slice(start, end).filter((count) => count > 0);
  };
  const chosen = (rank: number): number => active(rank).reduce((sum, count) => sum + count, 0);

  plan.stage('gate', 'the same on every rank');
  const wg = plan.store('gate.weight', 'weight', {
    label: 'Wg',
    placement: replicated,
    shape: [experts, hidden],
  });
  const bias = config.gateBias
    ? plan.store('gate.e_score_correction_bias', 'weight', {
        label: 'bias',
        placement: replicated,
        shape: [experts],
      })
    : null;
  const whole = { placement: replicated, shape: [tokens, experts] };
  const logits = plan.linear('logits', { x, w: wg, label: 'x·Wgᵀ' }, { label: 'logits', ...whole });
  plan.elementwise(
    'gate',
    'chosen',
    { label: `best ${config.topK}`, inputs: bias ? [logits, bias] : [logits], cost: gateFlops },
    'weights',
  );

  plan.stage('experts', 'on the tokens that chose them');
  const sum = plan.op(
    'zeros',
    'routed partial',
    { label: 'zeros', inputs: [] },
    { label: 'partial', placement: partial, shape: [tokens, hidden] },
  );
  const note = ({ start, end }: Range): string => rangeNote('expert', start, end);
  const weight = (name: string, rows: number, cols: number): PlannedTensor =>
    plan.store(
      `experts.*.${name}_proj.weight`,
      'weight',
      cut(`W${name}`, [experts, rows, cols], 0, shares, note),
    );
  const [gate, up, down] = [
    weight('gate', intermediate, hidden),
    weight('up', intermediate, hidden),
    weight('down', hidden, intermediate),
  ];
  const inLoop = (
    op: string,
    id: string,
    label: string,
    inputs: readonly PlannedTensor[],
    width: number | null,
    cost: (count: number) => number,
  ): PlannedTensor =>
    plan.op(
      op,
      id,
      { label, inputs, loop: 'experts', runs: (rank) => active(rank).map(cost) },
      {
        label: id,
        placement: { kind: 'sharded', dim: 0 },
        shape: (rank) => (width === null ? [chosen(rank)] : [chosen(rank), width]),
        note: (rank) => `${active(rank).length} of ${lengthOf(shares[rank] ?? { start: 0, end: 0 })} experts`,
      },
    );
  const indices = inLoop('upload', 'tokens', 'tokens', [], null, () => 0);
  const xe = inLoop('rows', 'xe', 'x[tokens]', [x, indices], hidden, () => 0);
  const product = (n: number, k: number) => (count: number) => linearFlops(count, k, n);
  const g = inLoop('linear', 'g', 'x·Wgateᵀ', [xe, gate], intermediate, product(intermediate, hidden));
  const u = inLoop('linear', 'u', 'x·Wupᵀ', [xe, up], intermediate, product(intermediate, hidden));
  const h = inLoop('siluMul', 'h', 'silu(g)·u', [g, u], intermediate, (count) =>
    siluMulFlops(count * intermediate),
  );
  const ye = inLoop('linear', 'ye', 'h·Wdownᵀ', [h, down], hidden, product(hidden, intermediate));
  const weights = inLoop('upload', 'weights', 'weights', [], null, () => 0);
  plan.inPlace('addRows', 'add', {
    label: 'partial[tokens] += weight·ye',
    inputs: [sum, ye, indices, weights],
    loop: 'experts',
    runs: (rank) => active(rank).map((count) => addRowsFlops(count * hidden)),
  });
  return sum;
}
