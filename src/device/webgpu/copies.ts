/** The operations that move rows and columns about. */

import addRows from '../../../shaders/add_rows.wgsl?raw';
import columns from '../../../shaders/columns.wgsl?raw';
import concatPerHead from '../../../shaders/concat_per_head.wgsl?raw';
import pick from '../../../shaders/pick.wgsl?raw';
import rows from '../../../shaders/rows.wgsl?raw';
import writeRows from '../../../shaders/write_rows.wgsl?raw';
import { gpuOperation } from './kernel.ts';
import { elementwise } from './lanes.ts';
import { withWeight } from './weights.ts';

export const copies = {
  columns: gpuOperation(
    'columns',
    elementwise('columns', [columns], ({ m, heads, n }) => [m, heads * n]),
    ({ m, heads, k, n, start }, x) => ({ inputs: [x], sizes: [m, heads, k, n, start] }),
  ),

  concatPerHead: gpuOperation(
    'concatPerHead',
    elementwise('concatPerHead', [concatPerHead], ({ m, heads, left, right }) => [m, heads * (left + right)]),
    ({ m, heads, left, right }, a, b, _heads, shared) => ({
      inputs: [a, b],
      sizes: [m, heads, left, right, shared ? 1 : 0],
    }),
  ),

  rows: gpuOperation(
    'rows',
    elementwise('rows', [rows], ({ count, d }) => [count, d], { kernelOf: withWeight }),
    ({ v, d, count }, x, indices) => ({ inputs: [x, indices], sizes: [v, d, count] }),
  ),

  writeRows: gpuOperation(
    'writeRows',
    elementwise('writeRows', [writeRows], ({ count, d }) => [count, d]),
    ({ count, d, start }, _target, x) => ({ inputs: [x], sizes: [count, d, start] }),
  ),

  addRows: gpuOperation(
    'addRows',
    elementwise('addRows', [addRows], ({ count, d }) => [count, d]),
    ({ s, d, count }, _target, x, indices, weights) => ({
      inputs: [x, indices, weights],
      sizes: [s, d, count],
    }),
  ),

  pick: gpuOperation(
    'pick',
    elementwise('pick', [pick], ({ m }) => [1, m]),
    ({ m, n }, x, indices) => ({ inputs: [x, indices], sizes: [m, n] }),
  ),
};
