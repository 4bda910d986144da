/** Attention: a workgroup a query of a head, with room for its row of y in workgroup memory. */

import attention from '../../../shaders/attention.wgsl?raw';
import exponential from '../../../shaders/exponential.wgsl?raw';
import reduce from '../../../shaders/reduce.wgsl?raw';
import { LabError } from '../../base/errors.ts';
import type { Operations } from '../device.ts';
import { operations } from '../operations.ts';
import { overRows, type RowKernel, rowKernel } from './kernel.ts';
import type { Runner } from './runner.ts';

/** Columns of v: the specification's default limit of workgroup memory is 4096 values, and the kernel has some others. */
const maxRoom = 3840;
/** Rooms are multiples of this, so that few sizes of heads need a pipeline of their own. */
const roomStep = 128;

const kernels = new Map<number, RowKernel>();

export function attentionOperation(runner: Runner): Pick<Operations, 'attention'> {
  return {
    attention(q, k, v, options) {
      const operation = operations.attention(q, k, v, options);
      const { t, heads, group, keyDim, valueDim, valueStride, start } = operation.sizes;
      return runner.compute(operation, {
        ...overRows(kernelFor(valueDim), t * heads, runner.software),
        inputs: [q, k, v],
        sizes: [t, heads, group, keyDim, valueDim, valueStride, start, options.causal ? 1 : 0],
        scalars: [options.scale],
      });
    },
  };
}

function kernelFor(valueDim: number): RowKernel {
  const room = roomStep * Math.max(1, Math.ceil(valueDim / roomStep));
  if (room > maxRoom) {
    throw new LabError(
      'input',
      `attention: heads of v have ${valueDim} columns, and workgroup memory has room for ${maxRoom}. Use smaller heads.`,
    );
  }
  const known = kernels.get(room);
  if (known !== undefined) return known;
  const kernel = rowKernel('attention', [reduce, exponential, attention], { ROOM: room });
  kernels.set(room, kernel);
  return kernel;
}
