/** The operations over whole rows: a workgroup a row. */

import exponential from '../../../shaders/exponential.wgsl?raw';
import layerNorm from '../../../shaders/layer_norm.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import reduce from '../../../shaders/reduce.wgsl?raw';
import rmsNorm from '../../../shaders/rms_norm.wgsl?raw';
import rowMax from '../../../shaders/row_max.wgsl?raw';
import softmax from '../../../shaders/softmax.wgsl?raw';
import sumExp from '../../../shaders/sum_exp.wgsl?raw';
import type { Operations } from '../device.ts';
import { operations } from '../operations.ts';
import { overRows, type RowKernel, rowKernel } from './kernel.ts';
import type { Runner } from './runner.ts';

const kernels = {
  rmsNorm: rowKernel('rmsNorm', [reduce, rmsNorm]),
  layerNorm: rowKernel('layerNorm', [reduce, layerNorm]),
  softmax: rowKernel('softmax', [reduce, exponential, order, softmax]),
  rowMax: rowKernel('rowMax', [reduce, exponential, order, rowMax]),
  sumExp: rowKernel('sumExp', [reduce, exponential, sumExp]),
};

export function rowOperations(runner: Runner): Pick<Operations, keyof typeof kernels> {
  const over = (kernel: RowKernel, m: number) => overRows(kernel, m, runner.software);
  return {
    rmsNorm(x, w, epsilon) {
      const operation = operations.rmsNorm(x, w, epsilon);
      const { m, d } = operation.sizes;
      return runner.compute(operation, {
        ...over(kernels.rmsNorm, m),
        inputs: [x, w],
        sizes: [m, d],
        scalars: [epsilon],
      });
    },

    layerNorm(x, w, b, epsilon) {
      const operation = operations.layerNorm(x, w, b, epsilon);
      const { m, d } = operation.sizes;
      return runner.compute(operation, {
        ...over(kernels.layerNorm, m),
        inputs: [x, w, b],
        sizes: [m, d],
        scalars: [epsilon],
      });
    },

    softmax(x) {
      const operation = operations.softmax(x);
      const { m, n } = operation.sizes;
      return runner.compute(operation, {
        ...over(kernels.softmax, m),
        inputs: [x],
        sizes: [m, n],
      });
    },

    rowMax(x) {
      const operation = operations.rowMax(x);
      const { m, n } = operation.sizes;
      return runner.compute(operation, {
        ...over(kernels.rowMax, m),
        inputs: [x],
        sizes: [m, n],
      });
    },

    sumExp(x, shift) {
      const operation = operations.sumExp(x, shift);
      const { m, n } = operation.sizes;
      return runner.compute(operation, {
        ...over(kernels.sumExp, m),
        inputs: [x, shift],
        sizes: [m, n],
      });
    },
  };
}
