/** Prints the plan of the gated layer, and holds four ranks against it, and against one rank that has the whole layer. */

import { costOf, launch } from 'ringside';
import type { program } from './own-layer.rank.ts';

const random = (...shape: number[]) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, () => Math.random() - 0.5) };
};
const [gate, up, down, norm] = [random(192, 64), random(192, 64), random(64, 192), random(64)];
const weights = { 'norm.weight': norm, 'gate.weight': gate, 'up.weight': up, 'down.weight': down };
const x = random(5, 64).data;

async function run(worldSize: number) {
  const group = await launch<typeof program>({
    worldSize,
    program: () => new Worker(new URL('./own-layer.rank.ts', import.meta.url), { type: 'module' }),
  });
  await group.all((rank) => rank.load(weights));
  const [plan] = await group.all((rank) => rank.plan(5));
  const [y] = await group.all((rank) => rank.forward(x, 5));
  const spans = await group.trace();
  await group.close();
  if (plan === undefined || y === undefined) throw new Error('There is no rank 0.');
  return { plan, y, flops: spans.reduce((sum, { rank, flops = 0 }) => sum + (rank === 0 ? flops : 0), 0) };
}

const [whole, { plan, y, flops }] = [await run(1), await run(4)];
const lines = plan.stages.map(({ title, steps }) => {
  const does = (step: (typeof steps)[number]) =>
    step.kind === 'op'
      ? `${step.label} (${step.runs[0]} FLOPs)`
      : `${step.collective} of ${4 * step.length} bytes`;
  return `${title.padEnd(24)} ${steps.map(does).join(', ')}`;
});
const error = Math.max(...whole.y.map((value, i) => Math.abs(value - (y[i] ?? Number.NaN))));
const verdict = error < 1e-4 ? 'right' : 'WRONG';
lines.push('', `rank 0 of 4: ${costOf(plan, 0).flops} FLOPs planned, ${flops} measured`);
lines.push(`largest difference from one rank: ${error.toExponential(1)}, ${verdict}`);
document.querySelector('pre')?.append(lines.join('\n'));
