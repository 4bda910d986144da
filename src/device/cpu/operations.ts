/** Every operation as the CPU does it: its kernel, and what that is given. The kernels are in kernels/. */

import { operations } from '../../operations/operations.ts';
import type { Operations } from '../device.ts';
import { linearOperations } from './linear.ts';
import type { Runner } from './runner.ts';

/** @param linear the id of the variant that is to run, where it accepts the sizes */
export function cpuOperations(runner: Runner, linear: string | undefined): Operations {
  const { kernels } = runner;
  return {
    ...linearOperations(runner, linear),

    add: (a, b) =>
      runner.compute('add', operations.add(a, b), [a, b], ({ m, n }, y, ...inputs) =>
        kernels.add(...inputs, y, m, n),
      ),

    siluMul: (gate, up) =>
      runner.compute('siluMul', operations.siluMul(gate, up), [gate, up], ({ length }, y, ...inputs) =>
        kernels.siluMul(...inputs, y, length),
      ),

    gelu: (x, form) =>
      runner.compute('gelu', operations.gelu(x, form), [x], ({ length }, y, ...inputs) =>
        kernels.gelu(...inputs, y, length, form === 'tanh'),
      ),

    rope: (x, table, options) =>
      runner.compute(
        'rope',
        operations.rope(x, table, options),
        [x, table],
        ({ t, heads, headDim, rotated, offset, start }, y, xs, angles) => {
          const interleaved = options.layout === 'interleaved';
          const from = angles + 4 * start * rotated;
          kernels.rope(xs, from, y, t, heads, headDim, rotated, offset, interleaved);
        },
      ),

    rmsNorm: (x, w, epsilon) =>
      runner.compute('rmsNorm', operations.rmsNorm(x, w, epsilon), [x, w], ({ m, d }, y, ...inputs) =>
        kernels.rmsNorm(...inputs, y, m, d, epsilon),
      ),

    layerNorm: (x, w, b, epsilon) =>
      runner.compute(
        'layerNorm',
        operations.layerNorm(x, w, b, epsilon),
        [x, w, b],
        ({ m, d }, y, ...inputs) => kernels.layerNorm(...inputs, y, m, d, epsilon),
      ),

    softmax: (x) =>
      runner.compute('softmax', operations.softmax(x), [x], ({ m, n }, y, ...inputs) =>
        kernels.softmax(...inputs, y, m, n),
      ),

    rowMax: (x) =>
      runner.compute('rowMax', operations.rowMax(x), [x], ({ m, n }, y, ...inputs) =>
        kernels.rowMax(...inputs, y, m, n),
      ),

    sumExp: (x, shift) =>
      runner.compute('sumExp', operations.sumExp(x, shift), [x, shift], ({ m, n }, y, ...inputs) =>
        kernels.sumExp(...inputs, y, m, n),
      ),

    topK: (x, k) =>
      runner.compute('topK', operations.topK(x, k), [x], ({ m, n, k }, y, ...inputs) =>
        kernels.topK(...inputs, y, m, n, k),
      ),

    attention: (q, k, v, options) =>
      runner.compute(
        'attention',
        operations.attention(q, k, v, options),
        [q, k, v],
        ({ t, heads, group, keyDim, valueDim, valueStride, start, window }, y, ...inputs) => {
          const { causal, scale } = options;
          const scores = runner.scratch(4 * (start + t + 3));
          kernels.attention(
            ...inputs,
            y,
            t,
            heads,
            group,
            keyDim,
            valueDim,
            valueStride,
            start,
            causal,
            window,
            scale,
            scores,
          );
        },
      ),

    gate: (logits, options, bias) =>
      runner.compute(
        'gate',
        operations.gate(logits, options, bias),
        [logits, bias],
        ({ t, e }, y, ...inputs) => {
          const { score, groups, topGroups, topK, normalize, routeScale } = options;
          const scratch = runner.scratch(14 * e);
          const sigmoid = score === 'sigmoid';
          kernels.gate(...inputs, y, t, e, sigmoid, groups, topGroups, topK, normalize, routeScale, scratch);
        },
      ),

    columns: (x, start, end, heads) =>
      runner.compute('columns', operations.columns(x, start, end, heads), [x], (sizes, y, ...inputs) =>
        kernels.columns(...inputs, y, sizes.m, sizes.heads, sizes.k, sizes.n, start),
      ),

    concatPerHead: (a, b, heads, shared) =>
      runner.compute(
        'concatPerHead',
        operations.concatPerHead(a, b, heads, shared),
        [a, b],
        ({ m, left, right }, y, ...inputs) =>
          kernels.concatPerHead(...inputs, y, m, heads, left, right, shared),
      ),

    rows: (x, indices) =>
      runner.compute('rows', operations.rows(x, indices), [x, indices], ({ v, d, count }, y, ...inputs) =>
        kernels.rows(...inputs, y, v, d, count),
      ),

    pick: (x, indices) =>
      runner.compute('pick', operations.pick(x, indices), [x, indices], ({ m, n }, y, ...inputs) =>
        kernels.pick(...inputs, y, m, n),
      ),

    // What it writes lies in one piece.
    writeRows: (target, x, start) =>
      runner.change(
        'writeRows',
        target,
        operations.writeRows(target, x, start),
        [x],
        ({ d, count, start: at }, y, from) =>
          kernels.columns(from, y + 4 * at * d, 1, 1, count * d, count * d, 0),
      ),

    addRows: (target, x, indices, weights) =>
      runner.change(
        'addRows',
        target,
        operations.addRows(target, x, indices, weights),
        [x, indices, weights],
        ({ s, d, count }, y, ...inputs) => kernels.addRows(y, ...inputs, s, d, count),
      ),
  };
}
