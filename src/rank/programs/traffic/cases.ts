/** Operations that are as fast as what they move, of a layer of Llama 3.2 1B, and attention beside them. */

import type { Device, OperationName, Operations, Tensor } from '../../../device/device.ts';

/** An operation on operands of these shapes. */
export interface TrafficCase {
  readonly shapes: readonly (readonly number[])[];
  readonly call: (...operands: Tensor[]) => Call;
}

/** An operation and its arguments: to be made, and prepared for as many runs as are timed. */
export interface Call {
  readonly op: OperationName;
  readonly args: readonly unknown[];
  readonly make: (device: Device) => Tensor;
}

const hidden = 2048;
const epsilon = 1e-5;
const headDim = 64;
const heads = { heads: hidden / headDim, kvHeads: 8 };
const cached = heads.kvHeads * headDim;
const attention = { ...heads, scale: 1 / Math.sqrt(headDim), causal: true };
const gate = { groups: 8, topGroups: 4, topK: 8, score: 'sigmoid', normalize: true, routeScale: 1 } as const;

/** By name, for so many rows. A prompt is a quarter of them, which is then the work of some layers. */
export const trafficCases = {
  add: (rows) => ({ shapes: [matrix(rows), matrix(rows)], call: (a, b) => callOf('add', a, b) }),
  siluMul: (rows) => ({ shapes: [matrix(rows), matrix(rows)], call: (g, up) => callOf('siluMul', g, up) }),
  rope: (rows) => ({
    shapes: [matrix(rows), [rows, headDim]],
    call: (x, table) => callOf('rope', x, table, { headDim, start: 0, layout: 'half' }),
  }),
  rmsNorm: (rows) => ({
    shapes: [matrix(rows), [hidden]],
    call: (x, w) => callOf('rmsNorm', x, w, epsilon),
  }),
  layerNorm: (rows) => ({
    shapes: [matrix(rows), [hidden], [hidden]],
    call: (x, w, b) => callOf('layerNorm', x, w, b, epsilon),
  }),
  softmax: (rows) => ({ shapes: [matrix(rows)], call: (x) => callOf('softmax', x) }),
  gate: (rows) => ({ shapes: [[rows, 128]], call: (logits) => callOf('gate', logits, gate) }),
  'attention, decode': (rows) => ({
    shapes: [
      [1, hidden],
      [rows, cached],
      [rows, cached],
    ],
    call: (q, k, v) => callOf('attention', q, k, v, { ...attention, start: rows - 1 }),
  }),
  'attention, prefill': (rows) => {
    const t = Math.ceil(rows / 4);
    return {
      shapes: [
        [t, hidden],
        [t, cached],
        [t, cached],
      ],
      call: (q, k, v) => callOf('attention', q, k, v, { ...attention, start: 0 }),
    };
  },
} satisfies Readonly<Record<string, (rows: number) => TrafficCase>>;

function matrix(rows: number): [number, number] {
  return [rows, hidden];
}

function callOf<Name extends OperationName>(op: Name, ...args: Parameters<Operations[Name]>): Call {
  return { op, args, make: (device) => Reflect.apply(device[op], device, args) as Tensor };
}
