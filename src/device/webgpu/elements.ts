/** The operations that compute each element by itself, and the gate, which computes each token so. */

import add from '../../../shaders/add.wgsl?raw';
import exponential from '../../../shaders/exponential.wgsl?raw';
import gate from '../../../shaders/gate.wgsl?raw';
import gelu from '../../../shaders/gelu.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import rope from '../../../shaders/rope.wgsl?raw';
import siluMul from '../../../shaders/silu_mul.wgsl?raw';
import type { SizesOf } from '../../operations/operations.ts';
import { gpuOperation, type Kernel } from './kernel.ts';
import { elementwise } from './lanes.ts';

export const elements = {
  add: gpuOperation(
    'add',
    elementwise('add', [add], ({ m, n }) => [m, n], { inQuads: ({ n }) => n % 4 === 0 }),
    ({ m, n }, a, b) => ({ inputs: [a, b], sizes: [m, n] }),
  ),

  siluMul: gpuOperation(
    'siluMul',
    elementwise('siluMul', [exponential, siluMul], ({ length }) => [1, length], {
      inQuads: ({ length }) => length % 4 === 0,
    }),
    ({ length }, gate, up) => ({ inputs: [gate, up], sizes: [length] }),
  ),

  gelu: gpuOperation(
    'gelu',
    elementwise('gelu', [exponential, gelu], ({ length }) => [1, length], { kernelOf: geluKernels }),
    ({ length }, x) => ({ inputs: [x], sizes: [length] }),
  ),

  rope: gpuOperation(
    'rope',
    elementwise('rope', [rope], ({ t, heads, headDim }) => [t, heads * headDim], { inQuads: turnsInQuads }),
    ({ t, heads, headDim, rotated, offset, start, layout }, x, table) => ({
      inputs: [x, table],
      sizes: [t, heads, headDim, rotated, offset, start, layout === 'interleaved' ? 1 : 0],
    }),
  ),

  gate: gpuOperation(
    'gate',
    elementwise('gate', [exponential, order, gate], ({ t }) => [1, t]),
    ({ t, e, size }, logits, { topK, topGroups, score, normalize, routeScale }, bias) => ({
      inputs: [logits, bias],
      sizes: [
        t,
        e,
        size,
        topK,
        topGroups,
        ...[score === 'softmax', bias !== undefined, normalize].map(Number),
      ],
      scalars: [routeScale],
    }),
  ),
};

/** Whether four elements beside each other turn with four that are beside each other. */
function turnsInQuads({ headDim, rotated, offset, layout }: SizesOf<'rope'>): boolean {
  return layout === 'half' && [headDim, rotated / 2, offset].every((columns) => columns % 4 === 0);
}

/** The form is a constant of the kernel, so that each has one of its own. */
function geluKernels({ constants, ...kernel }: Kernel): (sizes: { readonly form: 'erf' | 'tanh' }) => Kernel {
  const erf = { ...kernel, constants: { ...constants, APPROXIMATE: 0 } };
  const tanh = { ...kernel, constants: { ...constants, APPROXIMATE: 1 } };
  return ({ form }) => (form === 'erf' ? erf : tanh);
}
