/** What quantised weights ask of a cut: numbers that share a scale stay together, or the scales are cut as well. */

import type { Quantization } from '../program/modelConfig.ts';
import { type CutSize, grouped, type ModelSizes, uneven } from '../program/sizes.ts';

/** vLLM's regrouping of experts (moe_wna16.py) stops here. */
const SMALLEST_GROUP = 32;

/**
 * vLLM: a rank's shard is whole blocks, as `validate_fp8_block_shape`, `Fp8MoEMethod` and the linear methods of AWQ and
 * GPTQ check. For experts it halves the groups of the latter two until they fit.
 */
export function brokenBlocks(sizes: ModelSizes, quantization: Quantization | null, p: number): string[] {
  const block = quantization?.block ?? null;
  if (block === null) return [];
  const { rows, cols } = block;
  const broken = ({ what, size }: CutSize, least: number, ...units: number[]): string[] => {
    const shard = Math.max(least, size / p);
    const unit = units.find((length) => shard % length !== 0);
    if (unit === undefined || !Number.isInteger(shard)) return [];
    return [`${grouped(shard)} of the ${grouped(size)} ${what} are no whole quantisation blocks of ${unit}`];
  };
  const inExperts = rows === 1 ? Math.min(cols, SMALLEST_GROUP) : cols;
  return [
    ...sizes.projections.flatMap((cut) => broken(cut, cut.least, cut.side === 'out' ? rows : cols)),
    ...sizes.mlps.flatMap((width) => broken(width, 0, rows, cols)),
    ...(sizes.expertColumns === null ? [] : broken(sizes.expertColumns, 0, rows, inExperts)),
  ];
}

/** DeepSeek: inference/convert.py reads fp8 alone, and asserts that the scales divide as the weights do. */
export function unevenBlocks(sizes: ModelSizes, quantization: Quantization | null, p: number): string[] {
  if (quantization === null) return [];
  if (quantization.method !== 'fp8') return [`does not read weights quantised by ${quantization.method}`];
  const { block } = quantization;
  if (block === null) return [];
  const scales = ({ what, size }: CutSize, length: number): string[] =>
    size % p === 0
      ? uneven({ what: `quantisation blocks of ${what}`, size: Math.ceil(size / length) }, p)
      : [];
  return [
    ...sizes.projections.flatMap((cut) => scales(cut, cut.side === 'out' ? block.rows : block.cols)),
    ...sizes.mlps.flatMap((width) => scales(width, block.rows)),
  ];
}
