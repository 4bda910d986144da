/** What quantised weights ask of a cut: numbers that share a scale stay together, or the scales are cut as well. */

import { because, type Objection, type Subject } from './codebase.ts';
import { type CutSize, grouped, uneven } from './cutSizes.ts';

/** vLLM's regrouping of GPTQ's experts (moe_wna16.py) stops here. */
const SMALLEST_GROUP = 32;

/**
 * vLLM and SGLang: a rank's shard is whole blocks, as `validate_fp8_block_shape`, `Fp8MoEMethod` and the linear methods of
 * AWQ and GPTQ check. On one rank only what is merged is checked. Groups within experts are halved until they fit: down to
 * 32, and AWQ's where a shard has a whole one.
 */
export function brokenBlocks({ sizes, quantization, expertParallel }: Subject, p: number): Objection[] {
  const block = quantization?.block ?? null;
  if (block === null) return [];
  const { rows, cols } = block;
  const broken = (cut: CutSize, least: number, ...units: number[]): Objection[] => {
    const shard = Math.max(least, cut.size / p);
    const unit = units.find((length) => shard % length !== 0);
    if (unit === undefined || !Number.isInteger(shard)) return [];
    return [{ cause: 'blocks', reason: partOfBlock(cut, shard, unit), ways: padding(cut, p, unit) }];
  };
  const ofExperts = (cut: CutSize): Objection[] => {
    if (rows > 1) return broken(cut, 0, rows, cols);
    if (quantization?.method !== 'awq') return broken(cut, 0, Math.min(cols, SMALLEST_GROUP));
    return cut.size / p < cols ? broken(cut, 0, cols) : [];
  };
  const inner = p === 1 ? [] : [cols]; // a row split on one rank is none
  return [
    ...sizes.projections.flatMap((cut) => broken(cut, cut.least, ...(cut.side === 'out' ? [rows] : inner))),
    ...sizes.mlps.flatMap((width) => broken(width, 0, rows, ...inner)),
    ...(sizes.expertColumns === null || expertParallel ? [] : ofExperts(sizes.expertColumns)),
  ];
}

function partOfBlock({ what, size }: CutSize, shard: number, unit: number): string {
  return `${grouped(shard)} of the ${grouped(size)} ${what} are no whole quantisation blocks of ${unit}`;
}

/** Zeros at the end of an MLP change nothing; Qwen publishes Qwen2.5-VL-72B-Instruct-AWQ so. */
function padding({ what, size }: CutSize, p: number, unit: number): string[] {
  if (what !== 'MLP columns') return [];
  const padded = Math.ceil(size / (p * unit)) * p * unit;
  if (padded > 1.05 * size) return [];
  return [`${grouped(padded)} MLP columns, padded with zeros before quantising`];
}

/** vLLM's and SGLang's loaders: the 4-bit numbers of a file are one flat row, and their scales do not follow a cut. */
export function packedFlat({ quantization }: Subject, p: number): Objection[] {
  if (quantization?.method !== 'bitsandbytes' || p === 1) return [];
  return [
    {
      cause: 'checkpoint',
      reason: 'a checkpoint quantised by bitsandbytes is refused on more than one tensor-parallel rank',
      ways: [
        'the unquantised checkpoint, which it can quantise by bitsandbytes while it loads',
        'a checkpoint quantised by AWQ, GPTQ or fp8',
      ],
    },
  ];
}

/** DeepSeek: inference/convert.py reads fp8 alone, and asserts that the scales divide as the weights do. */
export function unevenBlocks({ sizes, quantization }: Subject, p: number): Objection[] {
  if (quantization === null) return [];
  const { method, block } = quantization;
  if (method !== 'fp8') return [unread(method)];
  if (block === null) return [];
  const scales = ({ what, size }: CutSize, length: number): string[] =>
    size % p === 0
      ? uneven({ what: `quantisation blocks of ${what}`, size: Math.ceil(size / length) }, p)
      : [];
  return because('blocks', [
    ...sizes.projections.flatMap((cut) => scales(cut, cut.side === 'out' ? block.rows : block.cols)),
    ...sizes.mlps.flatMap((width) => scales(width, block.rows)),
  ]);
}

/** @param instead what is read in place of it */
export function unread(method: string, instead = 'the checkpoint in bfloat16 or fp8'): Objection {
  return { cause: 'checkpoint', reason: `does not read weights quantised by ${method}`, ways: [instead] };
}
