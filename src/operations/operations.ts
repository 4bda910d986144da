/**
 * What each operation makes of the shapes it is given, apart from how a device computes it: both devices check their
 * arguments and learn their sizes here, and a program knows a result's shape before there is one.
 */

import { describeValue } from '../base/describe.ts';
import { LabError } from '../base/errors.ts';
import * as costs from './costs.ts';
import { checkShape, describeShape, divide, matrixShape } from './shapes.ts';
import type { Operations, Tensor } from './signatures.ts';

/** `Sizes` are the operation's own numbers, by the letters of its docstring in device.ts. */
export interface Operation<Sizes = object> {
  /** Of the result; null where the operation changes a tensor in place. */
  readonly shape: readonly number[] | null;
  readonly flops: number;
  readonly sizes: Sizes;
}

/** The sizes of y = x·Wᵀ: x `[m, k]`, w `[n, k]`, y `[m, n]`. */
export interface LinearShape {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

function operation<Sizes>(shape: readonly number[] | null, flops: number, sizes: Sizes): Operation<Sizes> {
  return { shape, flops, sizes };
}

/** @throws LabError 'input' where the shapes do not fit each other */
export const operations = {
  linear(x, w, b) {
    const [m, k] = matrixShape('linear: x', x);
    const [n, kOfW] = matrixShape('linear: w', w);
    if (k !== kOfW) {
      throw new LabError(
        'input',
        `linear: x is ${describeShape(x.shape)} and w ${describeShape(w.shape)}; both need the same last size.`,
      );
    }
    if (b !== undefined && (b.shape.length !== 1 || b.length !== n)) {
      throw new LabError(
        'input',
        `linear: b is ${describeShape(b.shape)}; with w ${describeShape(w.shape)} it needs ${n}.`,
      );
    }
    return operation([m, n], costs.linearFlops(m, k, n), { m, k, n });
  },

  linearPerHead(x, w) {
    const [m, width] = matrixShape('linearPerHead: x', x);
    const [heads = 0, n = 0, k = 0] = w.shape;
    if (w.shape.length !== 3 || width !== heads * k) {
      throw new LabError(
        'input',
        `linearPerHead: x is ${describeShape(x.shape)} and w ${describeShape(w.shape)}; w needs three sizes, ` +
          'of which the first times the last is the width of x.',
      );
    }
    return operation([m, heads * n], costs.linearFlops(m, heads * k, n), { m, heads, k, n });
  },

  add(a, b) {
    const equal = a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
    const rows = b.shape.length === 1 && a.shape.at(-1) === b.length;
    if (!equal && !rows) {
      throw new LabError(
        'input',
        `add: a is ${describeShape(a.shape)} and b ${describeShape(b.shape)}; b needs the shape of a, or its last size.`,
      );
    }
    const n = b.length;
    return operation(a.shape, costs.addFlops(a.length), { m: n === 0 ? 0 : a.length / n, n });
  },

  columns(x, start, end, heads = 1) {
    const [m, width] = matrixShape('columns: x', x);
    const k = width === 0 && heads === 0 ? end : divide('columns: the width', width, heads);
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= k)) {
      const part = heads === 1 ? 'matrix' : `matrix's ${heads} heads`;
      throw new LabError(
        'input',
        `columns: ${start} … ${end} are not columns of a ${describeShape(x.shape)} ${part}.`,
      );
    }
    const n = end - start;
    return operation([m, heads * n], 0, { m, heads, k, n, start });
  },

  concatPerHead(a, b, heads, shared) {
    const [m, widthA] = matrixShape('concatPerHead: a', a);
    const [, widthB] = matrixShape('concatPerHead: b', b);
    checkShape('concatPerHead: b', b, [m, widthB]);
    if (heads === 0 && widthA === 0) return operation([m, 0], 0, { m, heads, left: 0, right: 0 });
    const left = divide('concatPerHead: the width of a,', widthA, heads);
    const right = shared ? widthB : divide('concatPerHead: the width of b,', widthB, heads);
    return operation([m, heads * (left + right)], 0, { m, heads, left, right });
  },

  rows(x, indices) {
    const [v, d] = matrixShape('rows: x', x);
    checkShape('rows: indices', indices, [indices.length]);
    return operation([indices.length, d], 0, { v, d, count: indices.length });
  },

  writeRows(target, x, start) {
    checkApart('writeRows', target, [x]);
    const [s, d] = matrixShape('writeRows: target', target);
    const [count] = matrixShape('writeRows: x', x);
    checkShape('writeRows: x', x, [count, d]);
    checkRows('writeRows', start, start + count, s);
    return operation(null, 0, { d, count, start });
  },

  addRows(target, x, indices, weights) {
    checkApart('addRows', target, [x, indices, weights]);
    const [s, d] = matrixShape('addRows: target', target);
    const count = indices.length;
    checkShape('addRows: x', x, [count, d]);
    checkShape('addRows: indices', indices, [count]);
    checkShape('addRows: weights', weights, [count]);
    return operation(null, costs.addRowsFlops(count * d), { s, d, count });
  },

  rmsNorm(x, w, _epsilon) {
    const [m, width] = matrixShape('rmsNorm: x', x);
    checkShape('rmsNorm: w', w, [w.length]);
    const groups = width === 0 ? 0 : divide('rmsNorm: the width', width, w.length);
    return operation([m, width], costs.rmsNormFlops(x.length), { m: m * groups, d: w.length });
  },

  layerNorm(x, w, b, _epsilon) {
    const [m, d] = matrixShape('layerNorm: x', x);
    checkShape('layerNorm: w', w, [d]);
    checkShape('layerNorm: b', b, [d]);
    return operation([m, d], costs.layerNormFlops(x.length), { m, d });
  },

  siluMul(gate, up) {
    checkShape('siluMul: up', up, gate.shape);
    return operation(gate.shape, costs.siluMulFlops(gate.length), { length: gate.length });
  },

  gelu(x, form) {
    return operation(x.shape, costs.geluFlops(x.length), { length: x.length, form });
  },

  softmax(x) {
    const [m, n] = matrixShape('softmax: x', x);
    return operation([m, n], costs.softmaxFlops(x.length), { m, n });
  },

  rope(x, table, { headDim, offset = 0, start, layout }) {
    const [t, width] = matrixShape('rope: x', x);
    const [positions, rotated] = matrixShape('rope: table', table);
    const heads = divide('rope: the width', width, headDim);
    if (rotated % 2 !== 0 || !(Number.isInteger(offset) && 0 <= offset && offset + rotated <= headDim)) {
      throw new LabError(
        'input',
        `rope: the table turns ${rotated} columns from ${offset} on; a head has ${headDim}, and they turn in pairs.`,
      );
    }
    checkRows('rope', start, start + t, positions);
    return operation([t, width], costs.ropeFlops(t * heads * rotated), {
      t,
      heads,
      headDim,
      rotated,
      offset,
      start,
      layout,
    });
  },

  attention(q, k, v, options) {
    const { heads, kvHeads, start, causal } = options;
    const [t, widthQ] = matrixShape('attention: q', q);
    const [s] = matrixShape('attention: k', k);
    const [sOfV, widthV] = matrixShape('attention: v', v);
    if (options.window !== undefined && !(Number.isInteger(options.window) && options.window >= 1)) {
      throw new LabError(
        'input',
        `attention: window is ${options.window}; it needs to be a whole number from 1 up.`,
      );
    }
    const window = Math.min(options.window ?? Number.POSITIVE_INFINITY, start + t);
    if (heads === 0 && widthQ === 0) {
      return operation([t, 0], 0, {
        t,
        heads,
        group: 1,
        keyDim: 0,
        valueDim: 0,
        valueStride: 0,
        start,
        window,
      });
    }
    const keyDim = divide('attention: the width of q,', widthQ, heads);
    const group = divide('attention: heads', heads, kvHeads);
    checkShape('attention: k', k, [s, kvHeads * keyDim]);
    const valueStride = divide('attention: the width of v,', widthV, kvHeads);
    const valueDim = options.valueDim ?? valueStride;
    if (!Number.isInteger(valueDim) || valueDim < 0) {
      throw new LabError(
        'input',
        `attention: valueDim is ${valueDim}; it needs to be a whole number from 0 up.`,
      );
    }
    if (sOfV !== s || valueDim > valueStride) {
      throw new LabError(
        'input',
        `attention: k is ${describeShape(k.shape)} and v ${describeShape(v.shape)}; both need as many rows, and v at ` +
          `least ${valueDim} columns a head.`,
      );
    }
    checkRows('attention', start, start + t, s);
    const flops = costs.attentionFlops(
      costs.attentionPairs(t, start, causal, window),
      heads,
      keyDim,
      valueDim,
    );
    return operation([t, heads * valueDim], flops, {
      t,
      heads,
      group,
      keyDim,
      valueDim,
      valueStride,
      start,
      window,
    });
  },

  gate(logits, { groups, topGroups, topK }, bias) {
    const [t, e] = matrixShape('gate: logits', logits);
    const size = divide('gate: experts', e, groups);
    if (bias !== undefined) checkShape('gate: bias', bias, [e]);
    const whole = [topK, topGroups].every(Number.isInteger);
    if (!(whole && topGroups >= 1 && topGroups <= groups && topK >= 1 && topK <= topGroups * size)) {
      throw new LabError(
        'input',
        `gate: ${topK} experts of the best ${topGroups} of ${groups} groups of ${size} cannot be chosen.`,
      );
    }
    return operation([t, e], costs.gateFlops(logits.length), { t, e, size });
  },

  rowMax(x) {
    const [m, n] = matrixShape('rowMax: x', x);
    return operation([m], costs.rowMaxFlops(x.length), { m, n });
  },

  sumExp(x, shift) {
    const [m, n] = matrixShape('sumExp: x', x);
    checkShape('sumExp: shift', shift, [m]);
    return operation([m], costs.sumExpFlops(x.length), { m, n });
  },

  topK(x, k) {
    const [m, n] = matrixShape('topK: x', x);
    if (!Number.isInteger(k) || k < 1)
      throw new LabError('input', `topK: k is ${describeValue(k)}; it must be a whole number from 1.`);
    return operation([m, 2 * k + 1], costs.topFlops(x.length), { m, n, k });
  },

  pick(x, indices) {
    const [m, n] = matrixShape('pick: x', x);
    checkShape('pick: indices', indices, [m]);
    return operation([m], 0, { m, n });
  },
} satisfies { readonly [Name in keyof Operations]: (...args: Parameters<Operations[Name]>) => Operation };

/** What an operation's `sizes` are. */
export type SizesOf<Name extends keyof Operations> = ReturnType<(typeof operations)[Name]>['sizes'];

/** Of the operations that take 16-bit floats and blocks as they are: which operand may be so, counted from 0. It is a weight. */
export const packedOperands = { linear: 1, linearPerHead: 1, rows: 0 } as const satisfies Partial<
  Record<keyof Operations, number>
>;

/** The result of each operation is a tensor, or nothing where it works in place. */
export const inPlace = ['writeRows', 'addRows'] as const satisfies readonly (keyof Operations)[];

function checkRows(name: string, start: number, end: number, rows: number): void {
  if (Number.isInteger(start) && 0 <= start && end <= rows) return;
  throw new LabError('input', `${name}: rows ${start} … ${end} are not among the ${rows} there are.`);
}

/** A GPU cannot read a buffer that it writes. */
function checkApart(name: string, target: Tensor, inputs: readonly Tensor[]): void {
  if (!inputs.includes(target)) return;
  throw new LabError(
    'input',
    `${name}: a tensor cannot be changed by itself; make a copy of it with columns.`,
  );
}
