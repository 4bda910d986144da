/** Whose layers are measured: a preset's, all of its widths divided by one number, or sizes one by one. */

import { LabError } from '../base/errors.ts';
import { quoted } from '../base/shown.ts';
import { presets } from '../models/presets.ts';
import { layersOf } from '../program/layers.ts';
import type { ModelShape } from './axes.ts';

const KEYS = [
  'hidden',
  'intermediate',
  'heads',
  'kvHeads',
  'headDim',
  'vocab',
] as const satisfies readonly (keyof ModelShape)[];
/** The vocabulary is rounded up instead, and heads keep their size: ranks get fewer of them. */
const DIVIDED = ['hidden', 'intermediate', 'heads', 'kvHeads'] as const;

/** Presets with plain attention and an MLP, which are the layers that are measured. */
export const BENCH_MODELS: ReadonlyMap<string, ModelShape> = new Map(
  presets.flatMap(({ id, model }): [string, ModelShape][] => {
    const attention = layersOf(model, 'attention');
    const mlp = layersOf(model, 'mlp');
    if (attention === null || mlp === null) return [];
    const { hidden, heads, kvHeads, headDim } = attention.config;
    return [
      [id, { hidden, intermediate: mlp.config.intermediate, heads, kvHeads, headDim, vocab: model.vocab }],
    ];
  }),
);

/** llama-3.2-1b/4, or every size: hidden=512,intermediate=2048,… @throws LabError `input` */
export function modelFromText(text: string): ModelShape {
  if (text.includes('=')) return modelOfSizes(text);
  const [id = '', divisor = '1', ...more] = text.trim().split('/');
  const model = BENCH_MODELS.get(id);
  if (model === undefined || more.length > 0) {
    const known = [...BENCH_MODELS.keys()].join(', ');
    throw new LabError(
      'input',
      `${quoted(text)} is no model. Use ${known}, or a part of one, as llama-3.2-1b/4.`,
    );
  }
  const by = divisorsOf(model);
  if (!by.includes(Number(divisor))) {
    throw new LabError(
      'input',
      `${id} cannot be divided by ${quoted(divisor)}, only by ${by.join(', ')}: heads must stay whole.`,
    );
  }
  return dividedBy(model, Number(divisor));
}

/** The shortest text that modelFromText reads back. */
export function modelToText(model: ModelShape): string {
  for (const [id, whole] of BENCH_MODELS) {
    const divisor = divisorsOf(whole).find((by) => same(dividedBy(whole, by), model));
    if (divisor !== undefined) return divisor === 1 ? id : `${id}/${divisor}`;
  }
  return KEYS.map((key) => `${key}=${model[key]}`).join(',');
}

function modelOfSizes(text: string): ModelShape {
  const pairs = text.split(',').map((pair): [string, number] => {
    const [key = '', value = ''] = pair.split('=');
    return [key.trim(), value.trim() === '' ? Number.NaN : Number(value)];
  });
  const sizes = new Map(pairs);
  const stranger = pairs.find(([key]) => !(KEYS as readonly string[]).includes(key));
  const missing = KEYS.find((key) => !sizes.has(key));
  if (stranger !== undefined || missing !== undefined) {
    const what = stranger === undefined ? `${missing} is missing` : `${quoted(stranger[0])} is no size`;
    throw new LabError('input', `In the model ${quoted(text)} ${what}. Give ${KEYS.join(', ')}.`);
  }
  return Object.fromEntries(KEYS.map((key) => [key, sizes.get(key)])) as Record<keyof ModelShape, number>;
}

function dividedBy(model: ModelShape, divisor: number): ModelShape {
  const divided = DIVIDED.map((key) => [key, model[key] / divisor]);
  return { ...model, ...Object.fromEntries(divided), vocab: Math.ceil(model.vocab / divisor) };
}

function divisorsOf(model: ModelShape): number[] {
  const most = Math.min(...DIVIDED.map((key) => model[key]));
  const all = Array.from({ length: most }, (_, i) => i + 1);
  return all.filter((by) => DIVIDED.every((key) => model[key] % by === 0));
}

function same(a: ModelShape, b: ModelShape): boolean {
  return KEYS.every((key) => a[key] === b[key]);
}
