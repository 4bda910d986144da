/** The `quantization_config` of a config.json: how many bytes it leaves a weight, and what shares a scale. */

import type { Quantization } from '../../program/modelConfig.ts';
import type { Fields } from './Fields.ts';

/** Of a weight, where the method has no other. */
const METHOD_BITS: ReadonlyMap<string, number> = new Map([
  ['fp8', 8],
  ['fbgemm_fp8', 8],
  ['eetq', 8],
  ['mxfp4', 4],
]);

/** NVIDIA's ModelOpt names what it does to weights and activations at once. */
const ALGORITHM_BITS: ReadonlyMap<string, number> = new Map([
  ['FP8', 8],
  ['FP8_PB_WO', 8],
  ['FP8_PER_CHANNEL_PER_TOKEN', 8],
  ['NVFP4', 4],
  ['NVFP4_AWQ', 4],
  ['W4A16_AWQ', 4],
  ['W4A8_AWQ', 4],
]);

/** Null where the file has none. Scales, and what a method leaves as it was, are not counted apart. */
export function readQuantization(fields: Fields): Quantization | null {
  const config = fields.object('quantization_config');
  if (config === null) return null;
  const method = config.text('quant_method') ?? config.text('quant_algo') ?? 'an unnamed method';
  // compressed-tensors and ModelOpt: each group of layers may have its own.
  const groups = (config.object('config_groups')?.objects() ?? []).flatMap(
    (group) => group.object('weights') ?? [],
  );
  const bits = groups.length > 0 ? commonBits(groups) : bitsOf(config, method);
  return {
    method,
    weightBytes: bits === null ? null : bits / 8,
    block: [...groups, config].map(blockOf).find((block) => block !== null) ?? null,
  };
}

/** Null where the groups differ. */
function commonBits(groups: readonly Fields[]): number | null {
  const [first, ...others] = new Set(groups.map((weights) => weights.positive('num_bits')));
  return others.length > 0 ? null : (first ?? null);
}

function bitsOf(config: Fields, method: string): number | null {
  const known = METHOD_BITS.get(method) ?? ALGORITHM_BITS.get(config.text('quant_algo') ?? '');
  if (known !== undefined) return known;
  if (config.flag('load_in_4bit', false)) return 4; // bitsandbytes
  if (config.flag('load_in_8bit', false)) return 8;
  const hqq = config.object('quant_config')?.object('weight_quant_params') ?? null;
  if (hqq?.has('nbits')) return hqq.positive('nbits');
  const name = config.has('bits') ? 'bits' : 'w_bit'; // GPTQ, AWQ, AutoRound, EXL2
  return config.has(name) ? config.positive(name) : null;
}

/** Blocks of fp8, or groups of neighbours in a row; −1 stands for a whole row. */
function blockOf(config: Fields): Quantization['block'] {
  for (const name of ['weight_block_size', 'block_structure']) {
    const [rows, cols] = config.has(name) ? config.list(name) : [];
    if (isLength(rows) && isLength(cols)) return { rows, cols };
    if (config.has(name)) throw config.wrong(name, 'two whole numbers from 1');
  }
  const name = config.has('group_size') ? 'group_size' : 'q_group_size';
  if (!config.has(name) || config.number(name) === -1) return null;
  return { rows: 1, cols: config.count(name) };
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}
