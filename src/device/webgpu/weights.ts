/** How kernels read a weight that may be stored in less than 32 bits: the same kernel behind another beginning. */

import bf16 from '../../../shaders/weight_bf16.wgsl?raw';
import blocks from '../../../shaders/weight_blocks.wgsl?raw';
import f16 from '../../../shaders/weight_f16.wgsl?raw';
import f32 from '../../../shaders/weight_f32.wgsl?raw';
import q4 from '../../../shaders/weight_q4.wgsl?raw';
import q8 from '../../../shaders/weight_q8.wgsl?raw';
import type { DType } from '../../numerics/dtype.ts';
import type { Kernel } from './kernel.ts';

const texts: Readonly<Record<DType, string>> = {
  f32,
  f16,
  bf16,
  q8: `${blocks}\n${q8}`,
  q4: `${blocks}\n${q4}`,
};

/** One of what depends on how a weight is stored, for each way, and the same one each time. */
export function byWeightType<T>(make: (weight: string) => T): (weightType: DType) => T {
  const { f32, f16, bf16, q8, q4 } = texts;
  const made = { f32: make(f32), f16: make(f16), bf16: make(bf16), q8: make(q8), q4: make(q4) };
  return (weightType) => made[weightType];
}

/** For an element-wise kernel with such an operand. */
export function withWeight(kernel: Kernel): (sizes: unknown, weightType: DType) => Kernel {
  const kernels = byWeightType((weight) => ({ ...kernel, code: [weight, ...kernel.code] }));
  return (_, weightType) => kernels(weightType);
}
