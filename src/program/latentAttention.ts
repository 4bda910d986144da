/**
 * Multi-head latent attention (DeepSeek-V2, V3): keys and values of all heads come from one latent vector of a token.
 * The projections to latents and their norms are on every rank, those from latents are column splits by heads.
 *
 * naive caches each rank's keys and values; absorbed moves the up-projection of the keys to the queries and that of the
 * values behind the attention, and caches the latent vector instead: much smaller, but the same on every rank.
 */

import { zerosLike } from '../numerics/packed.ts';
import type { Range } from '../numerics/ranges.ts';
import { outputSplit } from './attention.ts';
import { checkDivides, checkSizes } from './checks.ts';
import type { MlaConfig } from './configs.ts';
import { type Cut, cutOf, rangeOf, unitsOf, withWidth } from './cuts.ts';
import { choice, type Definition, HIDDEN, size } from './definition.ts';
import { type Layer, rowsInput } from './layer.ts';
import { columnSplit, linear } from './linear.ts';
import { blocksByCount } from './modelConfig.ts';
import { rmsNorm } from './norm.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';
import { anglesTable, attentionScaling } from './rope.ts';
import { headShares } from './shares.ts';
import { shrinkMla } from './shrink.ts';

/** x `[T, hidden]` → `[T, hidden]`. @param positions the longest sequence, which the cache has room for */
export function latentAttention(b: ProgramBuilder, x: Value, config: MlaConfig, positions: number): Value {
  const partial = latentAttentionPartial(b, x, config, positions);
  b.stage('all-reduce');
  return b.allReduce('y', partial);
}

/** Up to the partial, whose sum over the ranks is the layer's output. */
export function latentAttentionPartial(
  b: ProgramBuilder,
  x: Value,
  config: MlaConfig,
  positions: number,
): Value {
  const { hidden, heads, qLoraRank, kvLoraRank, nopeDim, ropeDim, valueDim, rope, normEpsilon } = config;
  checkSizes('mla', { hidden, heads, kvLoraRank, nopeDim, ropeDim, valueDim, positions });
  checkSizes('mla', { qLoraRank }, 0);
  checkDivides('mla', ['in a pair', 2], ['columns that turn', ropeDim]);
  const keyDim = nopeDim + ropeDim;
  const own = cutOf(
    'head',
    headShares(heads, heads, b.worldSize).map(({ query }) => query),
  );
  const norm = (id: string, of: Value, width: number): Value =>
    rmsNorm(b, { id: `${id} normed`, label: of.label }, of, {
      name: `${id}_layernorm`,
      width,
      epsilon: normEpsilon,
    });

  b.stage('to latents', 'the same on every rank');
  const toQ = { name: 'q_a_proj', label: 'Wqa', out: qLoraRank, in: hidden };
  let latentQ = qLoraRank > 0 ? linear(b, { id: 'qa', label: 'cq' }, x, toQ) : x; // [T, qLoraRank]
  const toKv = { name: 'kv_a_proj_with_mqa', label: 'Wkva', out: kvLoraRank + ropeDim, in: hidden };
  const kva = linear(b, { id: 'kva', label: 'ckv|kr' }, x, toKv); // [T, kvLoraRank + rope]

  b.stage('norms', 'the same on every rank');
  if (qLoraRank > 0) latentQ = norm('q_a', latentQ, qLoraRank);
  const kv = b.columns({ id: 'kv', label: 'ckv', step: 'ckv' }, kva, 0, kvLoraRank);
  const latent = norm('kv_a', kv, kvLoraRank); // [T, kvLoraRank]
  const kr = b.columns({ id: 'kr', step: 'kr' }, kva, kvLoraRank, kvLoraRank + ropeDim); // [T, rope]

  b.stage('column split', 'by heads, no communication');
  const fromQ = {
    name: qLoraRank > 0 ? 'q_b_proj' : 'q_proj',
    label: 'Wqb',
    out: heads * keyDim,
    in: qLoraRank > 0 ? qLoraRank : hidden,
  };
  const q = columnSplit(b, 'q', latentQ, fromQ, withWidth(own, keyDim)); // [T, H/p·(nope + rope)]

  b.stage('RoPE', 'on the last columns of each head');
  const angles = anglesTable(b, rope, ropeDim, positions);
  const turn =
    (options: { headDim: number; offset?: number }) =>
    ({ position }: { position: number }) =>
      ({ ...options, start: position, layout: 'interleaved' }) as const;
  const turnedQ = b.rope('q turned', q, angles, turn({ headDim: keyDim, offset: nopeDim }));
  const turnedKr = b.rope('kr turned', kr, angles, turn({ headDim: ropeDim }));

  const scale = attentionScaling(rope) / Math.sqrt(keyDim);
  const attend = config.cache === 'naive' ? naive : absorbed;
  const out = attend({ b, config, own, positions, scale }, turnedQ, latent, turnedKr); // [T, H/p·value]
  return outputSplit(b, out, { hidden, width: heads * valueDim, heads: withWidth(own, valueDim) });
}

interface Heads {
  readonly b: ProgramBuilder;
  readonly config: MlaConfig;
  readonly own: Cut;
  readonly positions: number;
  readonly scale: number;
}

/** Makes the keys and values of a rank's heads, and caches them: `heads·(nope + rope + value)` floats a token. */
function naive({ b, config, own, positions, scale }: Heads, q: Value, latent: Value, kr: Value): Value {
  const { heads, kvLoraRank, nopeDim, valueDim } = config;
  const width = nopeDim + valueDim;
  const count = ({ rank }: { rank: number }): number => unitsOf(own, rank);

  b.stage('keys and values', 'a rank’s own heads');
  const fromKv = { name: 'kv_b_proj', label: 'Wkvb', out: heads * width, in: kvLoraRank };
  const kv = columnSplit(b, { id: 'kvb', label: 'kn|v' }, latent, fromKv, withWidth(own, width));
  const kn = b.columns({ id: 'kn', step: 'kn' }, kv, 0, nopeDim, count); // [T, H/p·nope]
  const k = b.concatPerHead({ id: 'k', step: 'kn|kr' }, kn, kr, count, true); // [T, H/p·(nope + rope)]
  const v = b.columns({ id: 'v', step: 'v' }, kv, nopeDim, width, count); // [T, H/p·value]

  b.stage('KV cache', 'of earlier tokens, and these');
  const keys = b.cache('k cache', k, positions);
  const values = b.cache('v cache', v, positions);

  b.stage('attention', 'local to a rank');
  return b.attention({ id: 'attention', label: 'out' }, q, keys, values, ({ rank, position }) => ({
    heads: unitsOf(own, rank),
    kvHeads: unitsOf(own, rank),
    start: position,
    scale,
    causal: true,
  }));
}

/**
 * (q·Wk)·c = q·(Wkᵀ·c): the keys' half of kv_b moves to the queries, the values' half behind the sum over tokens, and
 * attention runs on the latent vectors themselves. They are `kvLoraRank + rope` floats a token, on every rank alike.
 */
function absorbed({ b, config, own, positions, scale }: Heads, q: Value, latent: Value, kr: Value): Value {
  const { heads, kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const count = ({ rank }: { rank: number }): number => unitsOf(own, rank);
  const name = b.named('kv_b_proj.weight');
  const parts = (rank: number) => [
    { name, rows: rangeOf(withWidth(own, nopeDim + valueDim), rank), cols: all(kvLoraRank) },
  ];
  // kv_b_proj has for each head its key rows [nope, kvLoraRank], then its value rows [value, kvLoraRank].
  const row = (head: number, i: number): number => (head * (nopeDim + valueDim) + i) * kvLoraRank;
  const half = (id: string, label: string, out: number, into: number, place: Place, torch: string): Value =>
    b.arranged(`kv_b_proj.weight, ${id}`, {
      label,
      shape: [heads, out, into],
      cut: { dim: 0, by: own },
      parts,
      arrange: {
        apply(data, rank) {
          const made = zerosLike(data, unitsOf(own, rank) * out * into);
          for (let i = 0; i < made.length; i++) {
            const at = Math.floor(i / into);
            made[i] = data[place(Math.floor(at / out), at % out, i % into)] as number;
          }
          return made;
        },
        torch: (w) => `${w}.unflatten(0, (${heads}, -1))${torch}`,
      },
    });

  b.stage('absorbed queries', 'Wkvb’s key half moved to q');
  const qn = b.columns({ id: 'qn', step: 'qn' }, q, 0, nopeDim, count); // [T, H/p·nope]
  const keyPlace: Place = (head, c, i) => row(head, i) + c; // transposed, as linear wants it
  const wk = half('keys', 'Wkb', kvLoraRank, nopeDim, keyPlace, `[:, :${nopeDim}].transpose(1, 2)`);
  const qc = b.linearPerHead({ id: 'qc', step: 'qn·Wkb' }, qn, wk); // [T, H/p·kvLoraRank]
  const qr = b.columns({ id: 'qr', step: 'qr' }, q, nopeDim, nopeDim + ropeDim, count); // [T, H/p·rope]
  const query = b.concatPerHead({ id: 'q long', label: 'q', step: 'qc|qr' }, qc, qr, count, false);

  b.stage('latent cache', 'the same on every rank');
  const key = b.concatPerHead({ id: 'latent', label: 'ckv|kr' }, latent, kr, 1, true); // [T, kvLoraRank + rope]
  const cache = b.cache('cache', key, positions);

  b.stage('attention', 'over the latents');
  const mixed = b.attention({ id: 'attention', label: 'out' }, query, cache, cache, ({ rank, position }) => ({
    heads: unitsOf(own, rank),
    kvHeads: 1,
    start: position,
    scale,
    causal: true,
    valueDim: kvLoraRank,
  })); // [T, H/p·kvLoraRank]

  b.stage('values', 'Wkvb’s value half, after the sum over tokens');
  const valuePlace: Place = (head, v, c) => row(head, nopeDim + v) + c;
  const wv = half('values', 'Wvb', valueDim, kvLoraRank, valuePlace, `[:, ${nopeDim}:]`);
  return b.linearPerHead({ id: 'heads out', step: 'mix·Wvbᵀ' }, mixed, wv); // [T, H/p·value]
}

/** Where an element of a rank's half is among its rows of kv_b_proj. */
type Place = (head: number, row: number, col: number) => number;

function all(length: number): Range {
  return { start: 0, end: length };
}

/** Beside the width. */
export const latentAttentionFields = [
  size('heads', 'Heads', 64),
  choice(
    'cache',
    'Cache',
    [
      { value: 'naive', label: 'keys and values' },
      { value: 'absorbed', label: 'latent vectors' },
    ],
    { hint: 'latent vectors are much smaller, and the same on every rank' },
  ),
  size('qLoraRank', 'Latent width of queries', 512, { min: 0, hint: '0: queries come from x in one step' }),
  size('kvLoraRank', 'Latent width of keys and values', 512),
  size('nopeDim', 'Head columns without RoPE', 128),
  size('ropeDim', 'Head columns with RoPE', 128, { min: 2, step: 2 }),
  size('valueDim', 'Value columns of a head', 128),
] satisfies readonly Definition<keyof MlaConfig>[];

export const latentAttentionLayer: Layer<'mla', MlaConfig> = {
  name: 'mla',
  label: 'Latent attention',
  caches: true,
  configOf(model) {
    const most = blocksByCount(model)[0]?.attention;
    return most?.kind === 'mla' ? most : null;
  },
  shrink: shrinkMla,
  fields: () => [HIDDEN, ...latentAttentionFields],
  halves: (config) => ({ attention: { ...config, kind: 'mla' } }),
  write: (b, config, positions) => latentAttention(b, rowsInput(b, config), config, positions),
};
