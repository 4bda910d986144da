/** The operations that move rows and columns about. */

import addRows from '../../../shaders/add_rows.wgsl?raw';
import columns from '../../../shaders/columns.wgsl?raw';
import concatPerHead from '../../../shaders/concat_per_head.wgsl?raw';
import pick from '../../../shaders/pick.wgsl?raw';
import rows from '../../../shaders/rows.wgsl?raw';
import writeRows from '../../../shaders/write_rows.wgsl?raw';
import type { Operations } from '../device.ts';
import { operations } from '../operations.ts';
import { elementwiseGrid, elementwiseKernel } from './kernel.ts';
import type { Runner } from './runner.ts';

const kernels = {
  columns: elementwiseKernel('columns', columns),
  concatPerHead: elementwiseKernel('concatPerHead', concatPerHead),
  rows: elementwiseKernel('rows', rows),
  writeRows: elementwiseKernel('writeRows', writeRows),
  addRows: elementwiseKernel('addRows', addRows),
  pick: elementwiseKernel('pick', pick),
};

export function copies(runner: Runner): Pick<Operations, keyof typeof kernels> {
  const grid = (m: number, n: number) => elementwiseGrid({ m, n }, runner.software);
  return {
    columns(x, start, end, heads) {
      const operation = operations.columns(x, start, end, heads);
      const { m, heads: groups, k, n } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.columns,
        inputs: [x],
        sizes: [m, groups, k, n, start],
        workgroups: grid(m, groups * n),
      });
    },

    concatPerHead(a, b, heads, shared) {
      const operation = operations.concatPerHead(a, b, heads, shared);
      const { m, left, right } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.concatPerHead,
        inputs: [a, b],
        sizes: [m, heads, left, right, shared ? 1 : 0],
        workgroups: grid(m, heads * (left + right)),
      });
    },

    rows(x, indices) {
      const operation = operations.rows(x, indices);
      const { v, d, count } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.rows,
        inputs: [x, indices],
        sizes: [v, d, count],
        workgroups: grid(count, d),
      });
    },

    writeRows(target, x, start) {
      const operation = operations.writeRows(target, x, start);
      const { d, count } = operation.sizes;
      runner.change(target, x, operation, {
        kernel: kernels.writeRows,
        inputs: [x],
        sizes: [count, d, start],
        workgroups: grid(count, d),
      });
    },

    addRows(target, x, indices, weights) {
      const operation = operations.addRows(target, x, indices, weights);
      const { s, d, count } = operation.sizes;
      runner.change(target, x, operation, {
        kernel: kernels.addRows,
        inputs: [x, indices, weights],
        sizes: [s, d, count],
        workgroups: grid(count, d),
      });
    },

    pick(x, indices) {
      const operation = operations.pick(x, indices);
      const { m, n } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.pick,
        inputs: [x, indices],
        sizes: [m, n],
        workgroups: grid(1, m),
      });
    },
  };
}
