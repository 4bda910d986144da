/**
 * Which tensor-parallel degrees a model allows, and what stands against the others: here, where every degree runs, and
 * in three codebases that ask for even shards. Their checks are those of their parallel layers, of attention and of
 * quantised weights, with tensor parallelism alone.
 */

import { lengthOf, shardRanges } from '../numerics/ranges.ts';
import type { ModelConfig } from '../program/modelConfig.ts';
import { expertShares, headShares } from '../program/shares.ts';
import { type CutSize, grouped, type ModelSizes, sizesOf, uneven } from '../program/sizes.ts';
import { brokenBlocks, unevenBlocks } from './quantised.ts';

export type CodebaseId = 'ringside' | 'megatron' | 'vllm' | 'deepseek';

export interface DegreeVerdict {
  /** Null where the codebase does not run the model's architecture, on any number of ranks. */
  readonly ok: boolean | null;
  /** Why not; or where it runs and wastes something, what. A sentence each, with the numbers, without a full stop. */
  readonly reasons: readonly string[];
}

export interface Degree {
  readonly p: number;
  readonly verdicts: Readonly<Record<CodebaseId, DegreeVerdict>>;
}

export const codebases: readonly {
  readonly id: CodebaseId;
  readonly label: string;
  readonly rule: string;
}[] = [
  { id: 'ringside', label: 'Ringside', rule: 'any number: shards may differ in length, or be empty' },
  {
    id: 'megatron',
    label: 'Megatron-LM',
    rule: 'heads and widths divide; the vocabulary is padded to 128·p',
  },
  {
    id: 'vllm',
    label: 'vLLM',
    rule: 'heads and widths divide, between quantisation blocks; so does the vocabulary, padded to 64',
  },
  {
    id: 'deepseek',
    label: 'DeepSeek’s inference code',
    rule: 'DeepSeek’s models alone; columns, quantisation blocks, experts and vocabulary divide, unpadded',
  },
];

/** What inference/model.py runs, of DeepSeek-V3 and, for the last, of DeepSeek-V3.2-Exp. */
const DEEPSEEK_MODELS: ReadonlySet<string> = new Set([
  'DeepseekV2ForCausalLM',
  'DeepseekV3ForCausalLM',
  'DeepseekV32ForCausalLM',
]);

/** @param worldSizes 1 … 64 where left out */
export function degreesOf(
  model: ModelConfig,
  worldSizes: readonly number[] = Array.from({ length: 64 }, (_, index) => index + 1),
): Degree[] {
  const sizes = sizesOf(model);
  return worldSizes.map((p) => {
    const even = [...unevenHeads(sizes, p), ...unevenWidths(sizes, p)];
    return {
      p,
      verdicts: {
        ringside: { ok: true, reasons: waste(sizes, p) },
        megatron: refused(even),
        vllm: refused([...even, ...brokenBlocks(sizes, model.quantization, p), ...unevenPadded(sizes, p)]),
        deepseek: DEEPSEEK_MODELS.has(model.architecture)
          ? refused([...unevenColumns(sizes, p), ...unevenBlocks(sizes, model.quantization, p)])
          : { ok: null, reasons: [`does not run ${model.architecture}`] },
      },
    };
  });
}

function refused(reasons: readonly string[]): DegreeVerdict {
  return { ok: reasons.length === 0, reasons };
}

/** Megatron and vLLM: a rank has whole heads, and where there are more ranks than key/value heads, a copy of one. */
function unevenHeads({ heads, kvHeads }: ModelSizes, p: number): string[] {
  const shared = kvHeads === heads || kvHeads % p === 0 || p % kvHeads === 0;
  return [
    ...uneven({ what: 'heads', size: heads }, p),
    ...(shared ? [] : [`${kvHeads} key/value heads neither divide by ${p} nor into it`]),
  ];
}

/** Megatron and vLLM cut every expert across the ranks, as they cut an MLP, unless expert parallelism is asked for. */
function unevenWidths({ mlps, expertColumns }: ModelSizes, p: number): string[] {
  return [...mlps, ...(expertColumns === null ? [] : [expertColumns])].flatMap((width) => uneven(width, p));
}

function unevenPadded({ vocab }: ModelSizes, p: number): string[] {
  const padded = Math.ceil(vocab / 64) * 64;
  const what =
    padded === vocab ? 'vocabulary entries' : `vocabulary entries (${grouped(vocab)} before padding)`;
  return uneven({ what, size: padded }, p);
}

/**
 * inference/model.py asserts that the vocabulary, each linear layer's cut side and the experts divide, and computes
 * `n_heads // world_size` unasked: where only the product of heads and width divides, a later view fails.
 */
function unevenColumns({ heads, projections, mlps, experts, vocab }: ModelSizes, p: number): string[] {
  const columns = projections.flatMap((projection) => uneven(projection, p));
  const [query] = projections;
  const unasked =
    columns.length === 0 && heads % p !== 0 && query !== undefined
      ? [
          `${heads} heads do not divide by ${p}: its asserts pass, as ${grouped(query.size)} columns do, and a view breaks`,
        ]
      : [];
  return [
    ...uneven({ what: 'vocabulary entries', size: vocab }, p),
    ...columns,
    ...unasked,
    ...mlps.flatMap((width) => uneven(width, p)),
    ...(experts === null ? [] : uneven({ what: 'experts', size: experts }, p)),
  ];
}

/** What uneven shards and copies cost here. */
function waste({ heads, kvHeads, mlps, experts, vocab }: ModelSizes, p: number): string[] {
  const query = headShares(heads, kvHeads, p).map((share) => lengthOf(share.query));
  const balanced = (size: number): number[] => shardRanges(size, p).map(lengthOf);
  const copied = kvHeads < heads && p > kvHeads && p % kvHeads === 0;
  return [
    ...imbalance({ what: 'heads', size: heads }, query),
    ...(copied ? [`each of the ${kvHeads} key/value heads is on ${p / kvHeads} ranks`] : []),
    ...mlps.flatMap((width) => imbalance(width, balanced(width.size))),
    ...(experts === null
      ? []
      : imbalance({ what: 'experts', size: experts }, expertShares(experts, p).map(lengthOf))),
    ...imbalance({ what: 'vocabulary entries', size: vocab }, balanced(vocab)),
  ];
}

/** Nothing where the fullest rank has at most a twentieth more than its even share. */
function imbalance({ what, size }: CutSize, shares: readonly number[]): string[] {
  const most = Math.max(...shares);
  const least = Math.min(...shares);
  const idle = shares.filter((share) => share === 0).length;
  if (idle > 0)
    return [
      `${idle} of ${shares.length} ranks ${idle === 1 ? 'holds' : 'hold'} none of the ${grouped(size)} ${what}`,
    ];
  if (most * shares.length <= 1.05 * size) return [];
  return [`some ranks hold ${grouped(most)} of the ${grouped(size)} ${what}, others ${grouped(least)}`];
}
