/** How kernels read a weight that may be stored in 16 bits: the same kernel behind another beginning. */

import bf16 from '../../../shaders/weight_bf16.wgsl?raw';
import f16 from '../../../shaders/weight_f16.wgsl?raw';
import f32 from '../../../shaders/weight_f32.wgsl?raw';
import type { DType } from '../../numerics/dtype.ts';
import type { Kernel } from './kernel.ts';

const texts: Readonly<Record<DType, string>> = { f32, f16, bf16 };

/** One of what depends on how a weight is stored, for each way, and the same one each time. */
export function byWeightType<T>(make: (weight: string) => T): (weightType: DType) => T {
  const made = { f32: make(texts.f32), f16: make(texts.f16), bf16: make(texts.bf16) };
  return (weightType) => made[weightType];
}

/** For an element-wise kernel with such an operand. */
export function withWeight(kernel: Kernel): (sizes: unknown, weightType: DType) => Kernel {
  const kernels = byWeightType((weight) => ({ ...kernel, code: [weight, ...kernel.code] }));
  return (_, weightType) => kernels(weightType);
}
