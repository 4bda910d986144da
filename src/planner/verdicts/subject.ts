/** A counted model as the codebases are asked of it, and the same with its weights stored otherwise. */

import { cut } from '../../base/shown.ts';
import { type CountedModel, layerCount } from '../model/parts.ts';
import type { Subject } from './codebase.ts';
import { cutSizesOf } from './cutSizes.ts';

const made = new WeakMap<CountedModel, Subject>();

/** Made once for each model, whatever the number of ranks. */
export function subjectOf(model: CountedModel): Subject {
  const before = made.get(model);
  if (before !== undefined) return before;
  const { quantization } = model;
  const subject: Subject = {
    model,
    sizes: cutSizesOf(model),
    layers: layerCount(model),
    quantization: quantization && { ...quantization, method: cut(quantization.method) },
    expertParallel: false,
  };
  made.set(model, subject);
  return subject;
}

export function unquantised(subject: Subject): Subject {
  return { ...subject, quantization: null };
}

/** Quantised by the same method, with a scale for so many neighbours in a row. */
export function withGroups(subject: Subject, size: number): Subject {
  const { quantization } = subject;
  return quantization === null
    ? subject
    : { ...subject, quantization: { ...quantization, block: { rows: 1, cols: size } } };
}
