/** Norms: not parallel. Every rank has the whole weight and bias, and works on what it holds of x. */

import { checkEpsilon, checkSizes } from './checks.ts';
import type { Made } from './lifted.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';

export interface NormWeights {
  /** "input_layernorm" */
  readonly name: string;
  readonly width: number;
  readonly epsilon: number;
}

/** x / √(mean x² + ε) · w over the last `width` features, or over each group of so many. x `[M, G·width]` → the same. */
export function rmsNorm(
  b: ProgramBuilder,
  made: Made,
  x: Value,
  { name, width, epsilon }: NormWeights,
): Value {
  checkSizes('norm', { width });
  checkEpsilon('norm', epsilon);
  const w = b.weight(`${name}.weight`, { label: 'w', shape: [width] });
  return b.rmsNorm(made, x, w, epsilon);
}

/** (x − mean x) / √(variance of x + ε) · w + b over each row. x `[M, width]` → the same. */
export function layerNorm(
  b: ProgramBuilder,
  made: Made,
  x: Value,
  { name, width, epsilon }: NormWeights,
): Value {
  checkSizes('norm', { width });
  checkEpsilon('norm', epsilon);
  const w = b.weight(`${name}.weight`, { label: 'w', shape: [width] });
  const bias = b.weight(`${name}.bias`, { label: 'b', shape: [width] });
  return b.layerNorm(made, x, w, bias, epsilon);
}
