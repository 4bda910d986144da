/**
 * The angles of rotary position embeddings (Su et al. 2021), in float64 on the host: WGSL's sin and cos are accurate to
 * 2⁻¹¹ only, and only in [−π, π].
 */

import type { Llama3Scaling, RopeConfig, YarnScaling } from './configs.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';
import type { Use } from './torch/python.ts';

/** The angles `[positions, dim]`, whole on every rank: one table for all layers on a device that turn alike. */
export function anglesTable(b: ProgramBuilder, config: RopeConfig, dim: number, positions: number): Value {
  const compute = (): Float32Array => ropeTable(config, dim, positions);
  const torch = (use: Use): string => `${use('angles')}(${frequenciesText(config, dim)}, ${positions})`;
  const key = `angles ${JSON.stringify([config, dim, positions])}`;
  return b.table('angles', { label: 'cos, sin', shape: [positions, dim], key, compute, torch });
}

/** {@link inverseFrequencies} in Python: stretched ones as they are, since each model family has code of its own. */
function frequenciesText(config: RopeConfig, dim: number): string {
  if (config.scaling !== undefined)
    return `torch.tensor([${inverseFrequencies(config, dim).join(', ')}], dtype=torch.float64)`;
  return `${config.theta} ** -(torch.arange(0, ${dim}, 2, dtype=torch.float64) / ${dim})`;
}

/** Radians a position, for each of `dim / 2` pairs: θ^(−2i/dim), stretched as the configuration says. */
export function inverseFrequencies({ theta, scaling }: RopeConfig, dim: number): Float64Array {
  const plain = Float64Array.from({ length: dim / 2 }, (_, i) => theta ** ((-2 * i) / dim));
  if (scaling === undefined) return plain;
  switch (scaling.kind) {
    case 'llama3':
      return plain.map((frequency) => llama3(frequency, scaling));
    case 'yarn':
      return plain.map((frequency, i) => yarn(frequency, i, dim, theta, scaling));
    default:
      return scaling satisfies never;
  }
}

/** `[positions, dim]`: the cosines of a position's dim/2 angles, then their sines. */
export function ropeTable(config: RopeConfig, dim: number, positions: number): Float32Array {
  const half = dim / 2;
  const frequencies = inverseFrequencies(config, dim);
  const table = new Float32Array(positions * dim);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * (frequencies[i] as number);
      table[position * dim + i] = Math.cos(angle);
      table[position * dim + half + i] = Math.sin(angle);
    }
  }
  return table;
}

/** What the softmax's 1/√d is multiplied by: 1 but for YaRN. */
export function attentionScaling({ scaling }: RopeConfig): number {
  if (scaling?.kind !== 'yarn' || scaling.factor <= 1) return 1;
  return (0.1 * scaling.mscale * Math.log(scaling.factor) + 1) ** 2;
}

/** As transformers' `_compute_llama3_parameters`. */
function llama3(frequency: number, scaling: Llama3Scaling): number {
  const { factor, lowFreqFactor, highFreqFactor, originalPositions } = scaling;
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength > originalPositions / lowFreqFactor) return frequency / factor;
  if (wavelength < originalPositions / highFreqFactor) return frequency;
  const smooth = (originalPositions / wavelength - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

/** As DeepSeek's `precompute_freqs_cis`: pairs that turn often are kept, pairs that turn seldom are stretched. */
function yarn(frequency: number, i: number, dim: number, theta: number, scaling: YarnScaling): number {
  const { factor, betaFast, betaSlow, originalPositions } = scaling;
  const correction = (rotations: number): number =>
    (dim * Math.log(originalPositions / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(0, Math.floor(correction(betaFast)));
  const high = Math.min(dim - 1, Math.ceil(correction(betaSlow)));
  const ramp = (i - low) / (high === low ? 0.001 : high - low);
  const smooth = 1 - Math.max(0, Math.min(1, ramp));
  return (frequency / factor) * (1 - smooth) + frequency * smooth;
}
