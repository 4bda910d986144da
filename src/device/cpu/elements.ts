/** The operations that compute each element by itself. */

import type { GeluForm, Operations, RopeOptions } from '../device.ts';
import { operations, type SizesOf } from '../operations.ts';
import type { Runner } from './runner.ts';

export function elements(runner: Runner): Pick<Operations, 'add' | 'siluMul' | 'gelu' | 'rope'> {
  return {
    add: (a, b) => runner.compute('add', operations.add(a, b), [a, b], add),

    siluMul: (gate, up) => runner.compute('siluMul', operations.siluMul(gate, up), [gate, up], siluMul),

    gelu: (x, form) =>
      runner.compute('gelu', operations.gelu(x, form), [x], (sizes, y, values) =>
        gelu(sizes, y, values, form),
      ),

    rope: (x, table, options) =>
      runner.compute('rope', operations.rope(x, table, options), [x, table], (sizes, y, values, angles) =>
        rope(sizes, y, values, angles, options.layout),
      ),
  };
}

function add({ m, n }: SizesOf<'add'>, y: Float32Array, a: Float32Array, b: Float32Array): void {
  for (let at = 0; at < m * n; at += n) {
    for (let i = 0; i < n; i++) y[at + i] = (a[at + i] as number) + (b[i] as number);
  }
}

function siluMul(
  { length }: SizesOf<'siluMul'>,
  y: Float32Array,
  gate: Float32Array,
  up: Float32Array,
): void {
  for (let i = 0; i < length; i++) {
    const g = gate[i] as number;
    y[i] = (g / (1 + Math.exp(-g))) * (up[i] as number);
  }
}

function gelu({ length }: SizesOf<'gelu'>, y: Float32Array, x: Float32Array, form: GeluForm): void {
  const distribution = form === 'tanh' ? normalByTanh : normal;
  for (let i = 0; i < length; i++) y[i] = (x[i] as number) * distribution(x[i] as number);
}

/** (1 + erf(x/√2)) / 2, with 1 − erf by Abramowitz & Stegun 7.1.26, whose error is at most 1.5e-7. */
function normal(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  const t = 1 / (1 + 0.3275911 * z);
  const powers =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = 0.5 * powers * Math.exp(-z * z);
  return x >= 0 ? 1 - tail : tail;
}

/** (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2. */
function normalByTanh(x: number): number {
  return (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))) / 2;
}

/** The pair (a, b) becomes (a·cos − b·sin, b·cos + a·sin). */
function rope(
  { t, heads, headDim, rotated, offset, start }: SizesOf<'rope'>,
  y: Float32Array, // [T, H·headDim]
  x: Float32Array, // [T, H·headDim]
  table: Float32Array, // [positions, rotated]: cosines, then sines
  layout: RopeOptions['layout'],
): void {
  const pairs = rotated / 2;
  const [apart, stride] = layout === 'half' ? [pairs, 1] : [1, 2];
  y.set(x);
  for (let head = 0; head < t * heads; head++) {
    const angles = (start + Math.floor(head / heads)) * rotated;
    for (let pair = 0; pair < pairs; pair++) {
      const at = head * headDim + offset + pair * stride;
      const cosine = table[angles + pair] as number;
      const sine = table[angles + pairs + pair] as number;
      const a = x[at] as number;
      const b = x[at + apart] as number;
      y[at] = a * cosine - b * sine;
      y[at + apart] = b * cosine + a * sine;
    }
  }
}
