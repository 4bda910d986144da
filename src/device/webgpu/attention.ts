/** The two kernels of `attention`. See each file in shaders/. */

import products from '../../../shaders/attention_products.wgsl?raw';
import registers from '../../../shaders/attention_registers.wgsl?raw';
import tiles from '../../../shaders/attention_tiles.wgsl?raw';
import exponential from '../../../shaders/exponential.wgsl?raw';
import operandsScalar from '../../../shaders/operands_attention_scalar.wgsl?raw';
import operandsVec4 from '../../../shaders/operands_attention_vec4.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import reduce from '../../../shaders/reduce.wgsl?raw';
import type { SizesOf } from '../../operations/operations.ts';
import { gpuOperation, type Kernel, maxWorkgroups, type Variant } from './kernel.ts';

const block = 4; // rows of q; attention_registers.wgsl has it in its text
/** Workgroups of the register kernel, each of which steps through the blocks. SwiftShader spreads 16 over the cores. */
const wantedWorkgroups = 64;
/** Four invocations are what SwiftShader runs as one, so that they meet at no cost; a tile is 64 keys. */
const registerConstants = { WIDTH: 4, TILE: 16 };
const vec4 = registerKernel(operandsVec4);
const scalar = registerKernel(operandsScalar);

/** Invocations in a workgroup of the tile kernel, and keys in its tile. */
const tileWidth = 64;
/**
 * Columns of v that a workgroup sums at most, which are DeepSeek-V3's latent ones. Wider heads take several workgroups a
 * query, each of which makes the scores anew: workgroup memory would hold 3840, but limits how many run at once, and
 * SwiftShader takes over a millisecond to compile each.
 */
const maxRoom = 512;
/** Rooms are multiples of this, so that few sizes of heads need a pipeline of their own. */
const roomStep = 128;
const tileKernels = new Map<number, Kernel>();

const variants: readonly Variant<SizesOf<'attention'>>[] = [
  {
    id: 'registers',
    label: '4 queries an invocation, in registers',
    suits: 'software',
    kernel: ({ keyDim, valueDim, valueStride }) =>
      [keyDim, valueDim, valueStride].every((columns) => columns % 4 === 0) ? vec4 : scalar,
    workgroups: ({ t, heads, group }) => [
      Math.min(Math.ceil((t * group) / block) * (heads / group), wantedWorkgroups),
      1,
    ],
  },
  {
    id: 'tiles',
    label: 'a query a workgroup, which steps through the keys by tiles of 64',
    suits: 'gpu',
    kernel: ({ valueDim }) => tileKernel(valueDim),
    workgroups: ({ t, heads, valueDim }) => [
      Math.min(t * heads * Math.ceil(valueDim / maxRoom), maxWorkgroups),
      1,
    ],
  },
];

export const attentionOperation = {
  attention: gpuOperation(
    'attention',
    variants,
    ({ t, heads, group, keyDim, valueDim, valueStride, start, window }, q, k, v, { causal, scale }) => ({
      inputs: [q, k, v],
      sizes: [t, heads, group, keyDim, valueDim, valueStride, start, causal ? 1 : 0, window],
      scalars: [scale],
    }),
  ),
};

function registerKernel(operands: string): Kernel {
  return {
    name: 'attention',
    code: [exponential, operands, products, registers],
    constants: registerConstants,
  };
}

function tileKernel(valueDim: number): Kernel {
  const room = Math.min(maxRoom, roomStep * Math.max(1, Math.ceil(valueDim / roomStep)));
  const known = tileKernels.get(room);
  if (known !== undefined) return known;
  const kernel: Kernel = {
    name: 'attention',
    code: [reduce, exponential, order, tiles],
    constants: { WIDTH: tileWidth, ROOM: room },
  };
  tileKernels.set(room, kernel);
  return kernel;
}
