/** The kernels of `attention`. See each file in shaders/. */

import join from '../../../shaders/attention_join.wgsl?raw';
import products from '../../../shaders/attention_products.wgsl?raw';
import query from '../../../shaders/attention_query.wgsl?raw';
import registers from '../../../shaders/attention_registers.wgsl?raw';
import split from '../../../shaders/attention_split.wgsl?raw';
import tiles from '../../../shaders/attention_tiles.wgsl?raw';
import exponential from '../../../shaders/exponential.wgsl?raw';
import operandsScalar from '../../../shaders/operands_attention_scalar.wgsl?raw';
import operandsVec4 from '../../../shaders/operands_attention_vec4.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import reduce from '../../../shaders/reduce.wgsl?raw';
import reduceOf4 from '../../../shaders/reduce_of4.wgsl?raw';
import size from '../../../shaders/size_attention.wgsl?raw';
import sumsScalar from '../../../shaders/sums_attention_scalar.wgsl?raw';
import sumsVec4 from '../../../shaders/sums_attention_vec4.wgsl?raw';
import type { SizesOf } from '../../operations/operations.ts';
import { constLines, gpuOperation, type Kernel, maxWorkgroups, type Variant } from './kernel.ts';

const block = 4; // rows of q; attention_registers.wgsl and attention_split.wgsl have it in their text
/** Workgroups of the register kernel, each of which steps through the blocks. SwiftShader spreads 16 over the cores. */
const wantedWorkgroups = 64;
/** Four invocations are what SwiftShader runs as one, so that they meet at no cost; a tile is 64 keys. */
const registerConstants = { WIDTH: 4, TILE: 16 };
const vec4 = registerKernel([operandsVec4, sumsVec4]);
const scalar = registerKernel([operandsScalar, sumsScalar]);

/**
 * Up to so many multiply-adds a head, a software adapter takes the kernel that it compiles in 120 ms in place of 700, and
 * is at most some tenths of a millisecond slower: a token behind 500 others with heads of 16, or behind 120 with heads of
 * 64. Not by the number of heads, which a rank has less of: a head alone is to have the bits that it has among others.
 */
const fewProducts = 2 ** 14;
const queryVec4 = queryKernel([operandsVec4, sumsVec4]);
const queryScalar = queryKernel([operandsScalar, sumsScalar]);

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

/** Keys of a span: one for each invocation of the split kernel, which sums 16 quads of v at a time in 8 chains. */
const span = { LANES: 8, COLUMNS: 16, WIDTH: 128 };
/** Queries of a pass that decodes: one token, or some that were guessed. */
const mostFewTokens = 4;
/** With fewer keys there are no more spans than heads keep a GPU busy anyhow. */
const worthSplitting = 256;
const splitVec4 = splitKernel(operandsVec4);
const splitScalar = splitKernel(operandsScalar);

/**
 * In each, a query's arithmetic depends on its own row, the keys that it sees and their places, so that heads alone have
 * the bits that they have among others, and a token those that it has beside others of a pass of its class. There are two
 * on a GPU: passes of at most 4 queries that end behind 256 keys or more, whose order attention_split.wgsl tells, and all
 * others. Decoding so long a text has other last bits than reading it at once, as `linear` has. On a software adapter the
 * two are passes of few products, and all others.
 */
export const attentionVariants: readonly Variant<SizesOf<'attention'>>[] = [
  {
    id: 'split-keys',
    label: '128 keys a workgroup for at most 4 queries, and a second pass that joins',
    suits: 'gpu',
    accepts: ({ t }) => t <= mostFewTokens,
    excels: ({ t, start }) => start + t >= worthSplitting,
    kernel: ({ keyDim, valueStride }) =>
      [keyDim, valueStride].every((columns) => columns % 4 === 0) ? splitVec4 : splitScalar,
    workgroups: (sizes) => {
      const { t, heads, group } = sizes;
      const blocks = Math.ceil((t * group) / block);
      return [Math.min((heads / group) * blocks * spansOf(sizes), maxWorkgroups), 1];
    },
    second: {
      between: (sizes) => 4 * sizes.t * sizes.heads * spansOf(sizes) * (Math.ceil(sizes.valueDim / 4) + 1),
      kernel: {
        name: 'attention',
        code: [constLines({ SPAN: span.WIDTH }), size, reduce, exponential, order, join],
        constants: { WIDTH: 64 },
      },
      workgroups: ({ t, heads }) => [Math.min(t * heads, maxWorkgroups), 1],
    },
  },
  {
    id: 'query',
    label: 'a query a workgroup, in few words, which compile soon',
    suits: 'software',
    excels: ({ t, start, keyDim, valueDim }) => t * (start + t) * (keyDim + valueDim) <= fewProducts,
    kernel: ({ keyDim, valueDim, valueStride }) =>
      [keyDim, valueDim, valueStride].every((columns) => columns % 4 === 0) ? queryVec4 : queryScalar,
    workgroups: ({ t, heads }) => [Math.min(t * heads, wantedWorkgroups), 1],
  },
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
    attentionVariants,
    ({ t, heads, group, keyDim, valueDim, valueStride, start, window }, q, k, v, { causal, scale }) => ({
      inputs: [q, k, v],
      sizes: [t, heads, group, keyDim, valueDim, valueStride, start, causal ? 1 : 0, window],
      scalars: [scale],
    }),
  ),
};

function registerKernel(operands: readonly string[]): Kernel {
  return {
    name: 'attention',
    code: [size, exponential, ...operands, products, registers],
    constants: registerConstants,
  };
}

function queryKernel(operands: readonly string[]): Kernel {
  return {
    name: 'attention',
    code: [size, exponential, ...operands, query],
    constants: { WIDTH: 4, TILE: 32 },
  };
}

function splitKernel(operands: string): Kernel {
  return {
    name: 'attention',
    code: [constLines(span), size, exponential, order, reduceOf4, operands, split],
    constants: {},
  };
}

/** From the one in which the first query begins to see. */
function spansOf({ t, start, window }: SizesOf<'attention'>): number {
  return Math.ceil((start + t) / span.WIDTH) - Math.floor(Math.max(start + 1 - window, 0) / span.WIDTH);
}

function tileKernel(valueDim: number): Kernel {
  const room = Math.min(maxRoom, roomStep * Math.max(1, Math.ceil(valueDim / roomStep)));
  const known = tileKernels.get(room);
  if (known !== undefined) return known;
  const kernel: Kernel = {
    name: 'attention',
    code: [size, reduce, exponential, order, tiles],
    constants: { WIDTH: tileWidth, ROOM: room },
  };
  tileKernels.set(room, kernel);
  return kernel;
}
