/** The operations over whole rows: a workgroup a row. */

import exponential from '../../../shaders/exponential.wgsl?raw';
import layerNorm from '../../../shaders/layer_norm.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import rmsNorm from '../../../shaders/rms_norm.wgsl?raw';
import rowMax from '../../../shaders/row_max.wgsl?raw';
import softmax from '../../../shaders/softmax.wgsl?raw';
import sumExp from '../../../shaders/sum_exp.wgsl?raw';
import topK from '../../../shaders/top_k.wgsl?raw';
import { gpuOperation } from './kernel.ts';
import { perRow, perRowInLanes } from './lanes.ts';

/**
 * Four invocations are what SwiftShader runs as one: 0.5 to 0.7 of the time that 16 take. The rows of other operations may
 * be as long as a vocabulary, where four sums would each be too long to be as exact.
 */
const normWidth = 4;

export const rowOperations = {
  rmsNorm: gpuOperation(
    'rmsNorm',
    perRowInLanes('rmsNorm', [rmsNorm], ({ d }) => d, normWidth),
    ({ m, d }, x, w, epsilon) => ({ inputs: [x, w], sizes: [m, d], scalars: [epsilon] }),
  ),

  layerNorm: gpuOperation(
    'layerNorm',
    perRowInLanes('layerNorm', [layerNorm], ({ d }) => d, normWidth),
    ({ m, d }, x, w, b, epsilon) => ({ inputs: [x, w, b], sizes: [m, d], scalars: [epsilon] }),
  ),

  softmax: gpuOperation(
    'softmax',
    perRowInLanes('softmax', [exponential, order, softmax], ({ n }) => n),
    ({ m, n }, x) => ({ inputs: [x], sizes: [m, n] }),
  ),

  rowMax: gpuOperation('rowMax', perRow('rowMax', [exponential, order, rowMax]), ({ m, n }, x) => ({
    inputs: [x],
    sizes: [m, n],
  })),

  sumExp: gpuOperation('sumExp', perRow('sumExp', [exponential, sumExp]), ({ m, n }, x, shift) => ({
    inputs: [x, shift],
    sizes: [m, n],
  })),

  // Of a row as long as a vocabulary a wide workgroup reads more at once.
  topK: gpuOperation(
    'topK',
    perRow('topK', [exponential, order, topK], { gpu: 256, software: 16 }),
    ({ m, n, k }, x) => ({ inputs: [x], sizes: [m, n, k] }),
  ),
};
