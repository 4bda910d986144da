/** Holds the pair on four ranks against x·Aᵀ·Bᵀ in one piece, summed in float64. */

import { launch } from 'ringside';
import type { program } from './column-row.rank.ts';

const random = (length: number) => Float32Array.from({ length }, () => Math.random() - 0.5);
const [x, a, b] = [random(3 * 64), random(256 * 64), random(64 * 256)];

const group = await launch<typeof program>({
  worldSize: 4,
  program: () => new Worker(new URL('./column-row.rank.ts', import.meta.url), { type: 'module' }),
});
await group.all((rank) => rank.load(a, b));
const outputs = await group.all((rank) => rank.forward(x, 3));
await group.close();

/** v `[3, k]` times w `[n, k]` transposed → `[3, n]`. */
const times = (v: ArrayLike<number>, w: Float32Array, k: number, n: number) =>
  Float64Array.from({ length: 3 * n }, (_, i) => {
    const [row, col] = [Math.floor(i / n) * k, (i % n) * k];
    return w.subarray(col, col + k).reduce((sum, value, j) => sum + value * (v[row + j] ?? 0), 0);
  });
const whole = times(times(x, a, 64, 256), b, 256, 64);
const lines = outputs.map((y, rank) => {
  const error = Math.max(...whole.map((value, i) => Math.abs(value - (y[i] ?? Number.NaN))));
  return `rank ${rank}: largest error ${error.toExponential(1)}, ${error < 1e-4 ? 'right' : 'WRONG'}`;
});
document.querySelector('pre')?.append(lines.join('\n'));
