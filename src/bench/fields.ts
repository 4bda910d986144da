/** The record's fields, in the order in which files have them. */

import { LabError } from '../base/errors.ts';
import { shown } from '../base/shown.ts';
import { OPS } from './axes.ts';
import { contradictionIn, problemWithShape } from './contradictions.ts';
import { ELEMENT_TYPES } from './elementTypes.ts';
import {
  count,
  figure,
  oneOf,
  optional,
  type RecordField,
  samples,
  shape,
  text,
  texts,
  yesNoOrNull,
  yesOrNo,
} from './fieldKinds.ts';
import type { Backend, BenchEnvironment, BenchPlacement, BenchResult, Transport } from './record.ts';

export type RecordFields<T> = { readonly [K in keyof T]-?: RecordField<T[K]> };

export const BACKENDS = [
  'webgpu',
  'cpu',
  'onnxruntime-webgpu',
  'onnxruntime-wasm',
  'tfjs-webgpu',
  'tfjs-wasm',
  'jax-js-webgpu',
  'jax-js-wasm',
  'torch-gloo',
  'torch-nccl',
  'nccl-tests',
  'rccl-tests',
  'gloo-benchmark',
  'osu',
] as const;
export const PLACES = ['worker', 'one-device', 'process'] as const satisfies readonly BenchPlacement[];
export const TRANSPORTS = [
  'shared-memory-ring',
  'shared-memory-one-shot',
  'shared-memory-two-shot',
  'shared-memory-auto',
  'one-device',
  'gloo',
  'nccl',
  'rccl',
  'mpi',
  'none',
] as const satisfies readonly Transport[];

/** No machine has more; a page that draws and plans for each rank would stand still. */
export const MOST_RANKS = 65_536;

export const ENVIRONMENT_FIELDS: RecordFields<BenchEnvironment> = {
  userAgent: text,
  adapter: texts,
  cores: count(0),
  crossOriginIsolated: yesNoOrNull,
  date: text,
  commit: text,
};

export const RESULT_FIELDS: RecordFields<BenchResult> = {
  op: oneOf(OPS),
  backend: oneOf<Backend>(BACKENDS),
  placement: oneOf<BenchPlacement>(PLACES),
  transport: oneOf<Transport>(TRANSPORTS),
  worldSize: count(1, MOST_RANKS),
  dtype: oneOf(ELEMENT_TYPES),
  shape,
  bytes: count(0),
  variant: text,
  samplesMs: samples,
  medianMs: figure,
  p10Ms: figure,
  p90Ms: figure,
  gflops: figure,
  algBwGBs: figure,
  busBwGBs: figure,
  computeMs: figure,
  commMs: figure,
  waitMs: figure,
  maxAbsError: figure,
  roundingMaxError: optional(figure),
  roundingRmsError: optional(figure),
  wrong: count(0),
  ok: yesOrNo,
  note: text,
};

export function keysOf<T>(fields: RecordFields<T>): (keyof T & string)[] {
  return Object.keys(fields) as (keyof T & string)[];
}

/**
 * What is not a field of ours is left out.
 * @param where before the name of a field in an error: `results[3].`
 * @throws LabError `input` that names the field, its value and what it must be
 */
export function readFields<T>(
  fields: RecordFields<T>,
  json: Readonly<Record<string, unknown>>,
  where: string,
): T {
  const read: Partial<T> = {};
  for (const key of keysOf(fields)) {
    const { wanted, mayBeLeftOut, read: readField } = fields[key];
    if (mayBeLeftOut && json[key] === undefined) continue;
    if (!Object.hasOwn(json, key)) {
      throw new LabError('input', `${where}${key} is missing. It must be ${wanted}.`);
    }
    const value = readField(json[key]);
    if (value === undefined) {
      throw new LabError('input', `${where}${key} is ${shown(json[key])}. It must be ${wanted}.`);
    }
    read[key] = value;
  }
  return read as T;
}

/** A result that can be: with a shape that its operation has, and figures that fit each other. @throws LabError as {@link readFields} */
export function readResult(json: Readonly<Record<string, unknown>>, where: string): BenchResult {
  const result = readFields(RESULT_FIELDS, json, where);
  const shapeProblem = problemWithShape(result);
  if (shapeProblem !== null) throw new LabError('input', `${where}shape.${shapeProblem}`);
  const contradiction = contradictionIn(result);
  if (contradiction !== null) throw new LabError('input', where + contradiction);
  return result;
}
