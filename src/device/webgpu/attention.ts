/** The kernels of `attention`. See each file in shaders/. */

import join from '../../../shaders/attention_join.wgsl?raw';
import products from '../../../shaders/attention_products.wgsl?raw';
import query from '../../../shaders/attention_query.wgsl?raw';
import registers from '../../../shaders/attention_registers.wgsl?raw';
import slabs from '../../../shaders/attention_slabs.wgsl?raw';
import split from '../../../shaders/attention_split.wgsl?raw';
import tiles from '../../../shaders/attention_tiles.wgsl?raw';
import exponential from '../../../shaders/exponential.wgsl?raw';
import lanesScalar from '../../../shaders/lanes_scalar.wgsl?raw';
import lanesVec4 from '../../../shaders/lanes_vec4.wgsl?raw';
import operandsScalar from '../../../shaders/operands_attention_scalar.wgsl?raw';
import operandsVec4 from '../../../shaders/operands_attention_vec4.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import reduce from '../../../shaders/reduce.wgsl?raw';
import reduceOf4 from '../../../shaders/reduce_of4.wgsl?raw';
import rows from '../../../shaders/rows_attention.wgsl?raw';
import size from '../../../shaders/size_attention.wgsl?raw';
import sumsScalar from '../../../shaders/sums_attention_scalar.wgsl?raw';
import sumsVec4 from '../../../shaders/sums_attention_vec4.wgsl?raw';
import type { SizesOf } from '../../operations/operations.ts';
import { constLines, gpuOperation, type Kernel, maxWorkgroups, type Variant } from './kernel.ts';

const block = 4; // rows of q; attention_registers.wgsl has it in its text
/** Workgroups of the register kernel, each of which steps through the blocks. SwiftShader spreads 16 over the cores. */
const wantedWorkgroups = 64;

/**
 * Up to so many multiply-adds a head, a software adapter takes the kernel that it compiles in 120 ms in place of 700, and
 * is at most some tenths of a millisecond slower: a token behind 500 others with heads of 16, or behind 120 with heads of
 * 64. Not by the number of heads, which a rank has less of: a head alone is to have the bits that it has among others.
 */
const fewProducts = 2 ** 14;

/** Keys of a span: one for each invocation of the split kernel, which sums 16 quads of v at a time in 8 chains. */
const span = { CHAINS: 8, COLUMNS: 16, WIDTH: 128 };
/** Queries of a pass that decodes: one token, or some that were guessed. */
const mostFewTokens = 4;
/** Quads of rows that a workgroup of the split kernel takes at most: of a token, 16 heads that share a key. */
const mostSplitRows = 4;
const splitKernel = byNumber((ROWS) =>
  byWidth((operands) => ({
    name: 'attention',
    code: [
      constLines({ ...span, ROWS }),
      lanesVec4,
      size,
      rows,
      exponential,
      order,
      reduceOf4,
      operands,
      split,
    ],
    constants: {},
  })),
);

/**
 * In quads: a tile has 32 rows and 64 keys, of which 128 invocations make 4 × 4 scores each, and what they share fills the
 * 16 KiB of workgroup memory that every device has.
 */
const tile = { ROWS: 8, KEYS: 16, DEPTH: 4 };
const tileKernel = byNumber((COLUMNS) =>
  byWidth((operands, sums) => ({
    name: 'attention',
    code: [
      constLines({ ...tile, COLUMNS }),
      lanesVec4,
      size,
      rows,
      exponential,
      order,
      operands,
      sums,
      slabs,
      tiles,
    ],
    constants: {},
  })),
);

/**
 * In each, a query's arithmetic depends on its own row, the keys that it sees and their places, so that heads alone have
 * the bits that they have among others, and a token those that it has beside others of a pass of its class. There are two
 * on a GPU: passes of at most 4 queries, whose order attention_split.wgsl tells, and all others. Decoding a text has other
 * last bits than reading it at once, as `linear` has. On a software adapter the two are passes of few products, and all
 * others.
 */
export const attentionVariants: readonly Variant<SizesOf<'attention'>>[] = [
  {
    id: 'split-keys',
    label: '128 keys a workgroup for at most 4 queries, and a second pass that joins',
    suits: 'gpu',
    accepts: ({ t }) => t <= mostFewTokens,
    kernel: (sizes) => splitKernel(splitRowsOf(sizes))(sizes),
    workgroups: (sizes) => {
      const { t, heads, group } = sizes;
      const blocks = Math.ceil((t * group) / (4 * splitRowsOf(sizes)));
      return [Math.min((heads / group) * blocks * spansOf(sizes), maxWorkgroups), 1];
    },
    second: {
      between: (sizes) => 4 * sizes.t * sizes.heads * spansOf(sizes) * (Math.ceil(sizes.valueDim / 4) + 1),
      kernel: {
        name: 'attention',
        code: [constLines({ SPAN: span.WIDTH }), lanesScalar, size, reduce, exponential, order, join],
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
    kernel: byWidth((operands, sums) => ({
      name: 'attention',
      code: [lanesScalar, size, exponential, operands, sums, query],
      constants: { WIDTH: 4, TILE: 32 },
    })),
    workgroups: ({ t, heads }) => [Math.min(t * heads, wantedWorkgroups), 1],
  },
  {
    id: 'registers',
    label: '4 queries an invocation, in registers',
    suits: 'software',
    // Four invocations are what SwiftShader runs as one, so that they meet at no cost; a tile is 64 keys.
    kernel: byWidth((operands, sums) => ({
      name: 'attention',
      code: [lanesVec4, size, exponential, operands, sums, products, registers],
      constants: { WIDTH: 4, TILE: 16 },
    })),
    workgroups: ({ t, heads, group }) => [
      Math.min(Math.ceil((t * group) / block) * (heads / group), wantedWorkgroups),
      1,
    ],
  },
  {
    id: 'tiles',
    label: 'a tile of 32 queries by 64 keys at a time, for all heads that share a key',
    suits: 'gpu',
    kernel: (sizes) => tileKernel(tileColumnsOf(sizes))(sizes),
    workgroups: (sizes) => {
      const { t, heads, group, valueDim } = sizes;
      const columns = 4 * tile.KEYS * tileColumnsOf(sizes);
      const tiles = Math.ceil((t * group) / (4 * tile.ROWS)) * Math.ceil(valueDim / columns);
      return [Math.min(tiles * (heads / group), maxWorkgroups), 1];
    },
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

/** The same kernels each time for the same number. */
function byNumber<Kernels>(make: (count: number) => Kernels): (count: number) => Kernels {
  const made = new Map<number, Kernels>();
  return (count) => {
    const kernels = made.get(count) ?? make(count);
    made.set(count, kernels);
    return kernels;
  };
}

/** Two kernels: for heads whose columns are multiples of 4, which move in quads, or not. */
function byWidth(
  kernelOf: (operands: string, sums: string) => Kernel,
): (sizes: SizesOf<'attention'>) => Kernel {
  const [vec4, scalar] = [kernelOf(operandsVec4, sumsVec4), kernelOf(operandsScalar, sumsScalar)];
  return ({ keyDim, valueDim, valueStride }) =>
    [keyDim, valueDim, valueStride].every((columns) => columns % 4 === 0) ? vec4 : scalar;
}

/** From the one in which the first query begins to see. */
function spansOf({ t, start, window }: SizesOf<'attention'>): number {
  return Math.ceil((start + t) / span.WIDTH) - Math.floor(Math.max(start + 1 - window, 0) / span.WIDTH);
}

function splitRowsOf({ t, group }: SizesOf<'attention'>): number {
  return Math.min(Math.ceil((t * group) / 4), mostSplitRows);
}

/** Quads of v that an invocation sums. Heads of more than 256 columns take several workgroups, and each makes the scores. */
function tileColumnsOf({ valueDim }: SizesOf<'attention'>): 1 | 2 | 4 {
  if (valueDim <= 64) return 1;
  return valueDim <= 128 ? 2 : 4;
}
