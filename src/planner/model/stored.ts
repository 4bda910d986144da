/** How many bytes a weight takes in a checkpoint: which are quantised, to how many bits, and their scales. */

import type { Fields } from '../../models/hf/Fields.ts';
import { readQuantization } from '../../models/hf/quantization.ts';
import type { QuantizationFacts, Weight } from './parts.ts';

/** The scales and zero points of numbers that are quantised together. */
interface Format {
  readonly bits: number;
  /** Bytes of what a group has beside its numbers. */
  readonly groupBytes: number;
  /** Numbers of a group; null: a row of the weight. */
  readonly group: number | null;
  /** Blocks of rows × cols share a scale, in place of groups. */
  readonly block: { readonly rows: number; readonly cols: number } | null;
  /** Experts alone are quantised. */
  readonly expertsOnly: boolean;
}

export interface Storage {
  readonly facts: QuantizationFacts | null;
  /** Bytes of a weight in a layer of that name: "model.layers.3.self_attn.q_proj". */
  readonly bytesOf: (weight: Omit<Weight, 'bytes'>, path: string) => number;
}

/** What no method quantises unless a file says so: norms, tables, heads, routers. */
const WIDE =
  /(^|\.)(lm_head|embed_out|output|embed_tokens|wte|wpe|gate|router|shared_expert_gate|weights_proj)$/;

/** @param holders the file, and what is nested in it: the first that has a `quantization_config` */
export function readStorage(holders: readonly Fields[], dtypeBytes: number): Storage {
  const holder = holders.find((fields) => fields.has('quantization_config'));
  const quantization = holder === undefined ? null : readQuantization(holder);
  const config = holder?.object('quantization_config') ?? null;
  const wide = (weight: Omit<Weight, 'bytes'>): number => weight.out * weight.in * weight.copies * dtypeBytes;
  if (quantization === null || config === null) return { facts: null, bytesOf: wide };
  const { method, block, weightBytes } = quantization;
  const bits = weightBytes === null ? null : weightBytes * 8;
  const facts = { method, block, bits };
  if (bits === null) return { facts, bytesOf: wide };
  const format = formatOf(config, method, bits, block);
  const isNamed = matcher(config);
  return {
    facts,
    bytesOf(weight, path) {
      const plain = weight.kind !== 'matrix' || WIDE.test(weight.module) || isNamed(path);
      if (plain || (format.expertsOnly && weight.cut !== 'experts')) return wide(weight);
      return weight.copies * quantizedBytes(weight, format);
    },
  };
}

function quantizedBytes({ out, in: inner }: Pick<Weight, 'out' | 'in'>, format: Format): number {
  const { bits, group, groupBytes, block } = format;
  const groups =
    block !== null
      ? Math.ceil(out / block.rows) * Math.ceil(inner / block.cols)
      : out * Math.ceil(inner / (group ?? inner));
  return (out * inner * bits) / 8 + groups * groupBytes;
}

function formatOf(config: Fields, method: string, bits: number, block: QuantizationFacts['block']): Format {
  const group = block?.rows === 1 ? block.cols : null;
  const square = block !== null && block.rows > 1 ? block : null;
  const of = (groupBytes: number, more: Partial<Format> = {}): Format => ({
    bits,
    groupBytes,
    group,
    block: square,
    expertsOnly: false,
    ...more,
  });
  switch (method) {
    case 'mxfp4': // OCP microscaling: an exponent of 8 bits for 32 numbers; gpt-oss stores its experts so
      return of(1, { group: 32, expertsOnly: true });
    case 'bitsandbytes':
      // A byte for 64 numbers, and a float32 for 256 of those bytes: double quantisation (QLoRA). In 8 bits a row has one.
      if (bits === 8) return of(4);
      return of(config.flag('bnb_4bit_use_double_quant', false) ? 1 + 4 / 256 : 4, { group: 64 });
    case 'fp8':
    case 'fbgemm_fp8':
      return of(
        4,
        square === null && method === 'fp8' ? { group: Number.MAX_SAFE_INTEGER, groupBytes: 0 } : {},
      );
    case 'modelopt':
      return bits === 4 ? of(1, { group: group ?? 16 }) : of(0);
    case 'hqq':
    case 'compressed-tensors':
    case 'exl2':
      return of(2);
    default: // AWQ and GPTQ: a scale in float16 and a zero point in as many bits as the numbers
      return of(2 + bits / 8);
  }
}

/** Whether a file names a module as one that stays wide: a part of its path, with `*` or behind `re:` a pattern. */
function matcher(config: Fields): (path: string) => boolean {
  const names = [
    'modules_to_not_convert',
    'ignore',
    'llm_int8_skip_modules',
    'exclude_modules',
    'ignored_layers',
  ]
    .flatMap((field) => (config.has(field) ? config.list(field) : []))
    .filter((name): name is string => typeof name === 'string' && name !== '' && name.length < 300);
  const plain = names.filter((name) => !/^re:|\*/.test(name));
  const patterns = names.filter((name) => /^re:|\*/.test(name)).flatMap(patternOf);
  const exact = new Set(plain);
  // A file may name thousands of modules in full; only short ones are looked for within a path.
  const parts = plain.filter((name) => !name.startsWith('model.layers.'));
  const full = new Set(plain.map((name) => name.replace(/^(model\.)?(language_model\.)?(model\.)?/, '')));
  return (path) => {
    const bare = path.replace(/^model\./, '');
    return (
      exact.has(path) ||
      full.has(bare) ||
      plain.some((name) => name.startsWith('model.layers.') && path.startsWith(`${name}.`)) ||
      parts.some((name) => `.${path}.`.includes(`.${name}.`)) ||
      patterns.some((pattern) => pattern.test(path))
    );
  };
}

/**
 * Patterns of others are run on short names of ours. One that is no pattern names nothing, and so does one that repeats
 * what repeats, as `(a+)+`: it may take for ever.
 */
function patternOf(name: string): RegExp[] {
  const text = name.startsWith('re:')
    ? name.slice(3)
    : `^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}`;
  if (/[*+}]\)+[*+{]/.test(text) || (text.match(/[*+{]/g)?.length ?? 0) > 4) return [];
  try {
    return [new RegExp(text)];
  } catch {
    return [];
  }
}
