/** The operations that compute each element by itself. */

import { operations, type SizesOf } from '../../operations/operations.ts';
import type { GeluForm, Operations, RopeOptions } from '../device.ts';
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
  const of = form === 'tanh' ? byTanh : byErf;
  for (let i = 0; i < length; i++) y[i] = of(x[i] as number);
}

/**
 * x · (1 + erf(x/√2)) / 2, to the last place of float32. Beyond 0.85 it is computed from its tail, where the sum would lose
 * all digits; shaders/gelu.wgsl has the same polynomials.
 */
function byErf(x: number): number {
  const a = Math.abs(x);
  if (a < 0.85) {
    const s = x * x;
    const odd =
      0.398942256 + s * (-0.0664897817 + s * (0.0099692588 + s * (-0.00117432373 + s * 9.76859594e-5)));
    return x * (0.5 + x * odd);
  }
  if (!(a < 40)) return x * (x >= 0 ? 1 : 0); // −∞ · 0 is PyTorch's NaN
  const t = 1 / (a + 2) - 0.206;
  const low = 0.361720773 + t * (-0.482642132 + t * (-2.0943693 + t * (-2.81093696 + t * 3.29812375)));
  const high = 8.46699914 + t * (-16.451588 + t * (-19.9732374 + t * 78.522529));
  const tail = (low + t ** 5 * high) * Math.exp((-a * a) / 2);
  return x >= 0 ? x - tail : -tail;
}

/** x · (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2. */
function byTanh(x: number): number {
  return (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2;
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
