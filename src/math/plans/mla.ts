/**
 * Multi-head latent attention (DeepSeek-V2, V3): keys and values of all heads come from one latent vector of a token.
 * The projections to latents and their norms are on every rank, those from latents are column splits by heads.
 *
 * naive caches each rank's keys and values; absorbed moves the up-projection of the keys to the queries and that of the
 * values behind the attention, and caches the latent vector instead: much smaller, but the same on every rank.
 */

import { attentionFlops, attentionPairs, linearFlops, rmsNormFlops, ropeFlops } from '../costs.ts';
import { lengthOf, type Range } from '../ranges.ts';
import { byHeads, planOutput } from './attention.ts';
import type { MlaConfig, Pass } from './configs.ts';
import { cut, type PlanBuilder, replicated, type TensorSpec } from './PlanBuilder.ts';
import type { PlannedTensor } from './plan.ts';
import { headShares, widen } from './shares.ts';

export function planMla(plan: PlanBuilder, x: PlannedTensor, config: MlaConfig, pass: Pass): PlannedTensor {
  const product = planMlaPartial(plan, x, config, pass);
  plan.stage('all-reduce', '');
  return plan.allReduce('y', product, 'y');
}

/** Up to the partial, whose sum over the ranks is the layer's output. */
export function planMlaPartial(
  plan: PlanBuilder,
  x: PlannedTensor,
  config: MlaConfig,
  { tokens, past }: Pass,
): PlannedTensor {
  const { hidden, heads, qLoraRank, kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const ranges = headShares(heads, heads, plan.worldSize).map(({ query }) => query);
  const own = (rank: number): number => lengthOf(ranges[rank] ?? { start: 0, end: 0 });
  const same = (label: string, ...shape: number[]): TensorSpec => ({ label, placement: replicated, shape });
  const perHead = (label: string, width: number): TensorSpec =>
    byHeads(label, [tokens, heads * width], width, ranges);
  const rows = (width: number): Range[] => ranges.map((range) => widen(range, width));
  const norm = (id: string, of: PlannedTensor, width: number): PlannedTensor => {
    const w = plan.store(`${id}_layernorm.weight`, 'weight', same('w', width));
    return plan.elementwise(
      'rmsNorm',
      `${id} normed`,
      { label: 'rmsNorm', inputs: [of, w], cost: rmsNormFlops },
      of.label,
    );
  };

  plan.stage('to latents', 'the same on every rank');
  let latentQ = x;
  if (qLoraRank > 0) {
    const w = plan.store('q_a_proj.weight', 'weight', same('Wqa', qLoraRank, hidden));
    latentQ = plan.linear('qa', { x, w, label: 'x·Wqaᵀ' }, same('cq', tokens, qLoraRank));
  }
  const wkva = plan.store('kv_a_proj_with_mqa.weight', 'weight', same('Wkva', kvLoraRank + ropeDim, hidden));
  const kva = plan.linear(
    'kva',
    { x, w: wkva, label: 'x·Wkvaᵀ' },
    same('ckv|kr', tokens, kvLoraRank + ropeDim),
  );

  plan.stage('norms', 'the same on every rank');
  if (qLoraRank > 0) latentQ = norm('q_a', latentQ, qLoraRank);
  const latent = norm(
    'kv_a',
    plan.op('columns', 'kv', { label: 'ckv', inputs: [kva] }, same('ckv', tokens, kvLoraRank)),
    kvLoraRank,
  );
  const kr = plan.op('columns', 'kr', { label: 'kr', inputs: [kva] }, same('kr', tokens, ropeDim));

  plan.stage('column split', 'by heads, no communication');
  const keyDim = nopeDim + ropeDim;
  const wqb = plan.store(
    qLoraRank > 0 ? 'q_b_proj.weight' : 'q_proj.weight',
    'weight',
    cut('Wqb', [heads * keyDim, latentQ.shapes[0]?.[1] ?? 0], 0, rows(keyDim)),
  );
  const q = plan.linear('q', { x: latentQ, w: wqb, label: 'cq·Wqbᵀ' }, perHead('q', keyDim));

  plan.stage('RoPE', 'on the last columns of each head');
  const angles = plan.store('angles', 'table', same('cos, sin', past + tokens, ropeDim));
  const turned = plan.op(
    'rope',
    'q turned',
    { label: 'rope', inputs: [q, angles], flops: (rank) => ropeFlops(tokens * own(rank) * ropeDim) },
    perHead('q', keyDim),
  );
  const krTurned = plan.elementwise(
    'rope',
    'kr turned',
    { label: 'rope', inputs: [kr, angles], cost: ropeFlops },
    'kr',
  );

  const context = { plan, config, ranges, own, perHead, rows, tokens, past };
  const out =
    config.cache === 'naive'
      ? naive(context, turned, latent, krTurned)
      : absorbed(context, turned, latent, krTurned);
  return planOutput(plan, out, { hidden, heads, width: valueDim, ranges });
}

interface Context {
  readonly plan: PlanBuilder;
  readonly config: MlaConfig;
  readonly ranges: readonly Range[];
  readonly own: (rank: number) => number;
  readonly perHead: (label: string, width: number) => TensorSpec;
  readonly rows: (width: number) => Range[];
  readonly tokens: number;
  readonly past: number;
}

function naive(context: Context, q: PlannedTensor, latent: PlannedTensor, kr: PlannedTensor): PlannedTensor {
  const { plan, config, ranges, own, perHead, rows, tokens, past } = context;
  const { heads, kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const keyDim = nopeDim + ropeDim;

  plan.stage('keys and values', 'a rank’s own heads');
  const width = nopeDim + valueDim;
  const w = plan.store(
    'kv_b_proj.weight',
    'weight',
    cut('Wkvb', [heads * width, kvLoraRank], 0, rows(width)),
  );
  const kv = plan.linear('kvb', { x: latent, w, label: 'ckv·Wkvbᵀ' }, perHead('kn|v', width));
  const kn = plan.op('columns', 'kn', { label: 'kn', inputs: [kv] }, perHead('kn', nopeDim));
  const k = plan.op('concatPerHead', 'k', { label: 'kn|kr', inputs: [kn, kr] }, perHead('k', keyDim));
  const v = plan.op('columns', 'v', { label: 'v', inputs: [kv] }, perHead('v', valueDim));

  plan.stage('KV cache', past > 0 ? `${past} tokens are there` : 'empty before');
  const cached = (name: string, of: PlannedTensor, columns: number): PlannedTensor => {
    const shape = [past + tokens, heads * columns];
    const cache = plan.store(`${name} cache`, 'cache', byHeads(`${name} cache`, shape, columns, ranges));
    plan.inPlace('writeRows', `${name} write`, { label: `cache ${name}`, inputs: [of, cache] });
    return cache;
  };
  const keys = cached('k', k, keyDim);
  const values = cached('v', v, valueDim);

  plan.stage('attention', 'local to a rank');
  return attend(context, q, [keys, values], { keyDim, valueDim: valueDim, own });
}

function absorbed(
  context: Context,
  q: PlannedTensor,
  latent: PlannedTensor,
  kr: PlannedTensor,
): PlannedTensor {
  const { plan, config, ranges, own, perHead, tokens, past } = context;
  const { heads, kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const width = kvLoraRank + ropeDim;
  const perHeadWeight = (label: string, out: number, into: number) =>
    cut(label, [heads, out, into], 0, ranges);

  plan.stage('absorbed queries', 'Wkvb’s key half moved to q');
  const qn = plan.op('columns', 'qn', { label: 'qn', inputs: [q] }, perHead('qn', nopeDim));
  const wk = plan.store('kv_b_proj.weight, keys', 'weight', perHeadWeight('Wkb', kvLoraRank, nopeDim));
  const qc = plan.op(
    'linearPerHead',
    'qc',
    {
      label: 'qn·Wkb',
      inputs: [qn, wk],
      flops: (rank) => linearFlops(tokens, own(rank) * nopeDim, kvLoraRank),
    },
    perHead('qc', kvLoraRank),
  );
  const qr = plan.op('columns', 'qr', { label: 'qr', inputs: [q] }, perHead('qr', ropeDim));
  const query = plan.op('concatPerHead', 'q long', { label: 'qc|qr', inputs: [qc, qr] }, perHead('q', width));

  plan.stage('latent cache', 'the same on every rank');
  const key = plan.op(
    'concatPerHead',
    'latent',
    { label: 'ckv|kr', inputs: [latent, kr] },
    { label: 'ckv|kr', placement: replicated, shape: [tokens, width] },
  );
  const shape = [past + tokens, width];
  const cache = plan.store('cache', 'cache', { label: 'cache', placement: replicated, shape });
  plan.inPlace('writeRows', 'write', { label: 'cache', inputs: [key, cache] });

  plan.stage('attention', 'over the latents');
  const mixed = attend(context, query, [cache, cache], { keyDim: width, valueDim: kvLoraRank, own });

  plan.stage('values', 'Wkvb’s value half, after the sum over tokens');
  const wv = plan.store('kv_b_proj.weight, values', 'weight', perHeadWeight('Wvb', valueDim, kvLoraRank));
  return plan.op(
    'linearPerHead',
    'heads out',
    {
      label: 'mix·Wvbᵀ',
      inputs: [mixed, wv],
      flops: (rank) => linearFlops(tokens, own(rank) * kvLoraRank, valueDim),
    },
    perHead('heads out', valueDim),
  );
}

function attend(
  { plan, perHead, tokens, past }: Context,
  q: PlannedTensor,
  [keys, values]: readonly [PlannedTensor, PlannedTensor],
  { keyDim, valueDim, own }: { keyDim: number; valueDim: number; own: (rank: number) => number },
): PlannedTensor {
  const pairs = attentionPairs(tokens, past, true);
  return plan.op(
    'attention',
    'attention',
    {
      label: 'softmax(q·kᵀ)·v',
      inputs: keys === values ? [q, keys] : [q, keys, values],
      flops: (rank) => attentionFlops(pairs, own(rank), keyDim, valueDim),
    },
    perHead('out', valueDim),
  );
}
