/** Shows what every rank brought and has after an all_reduce, and the steps of the ring in the order they were done. */

import { launch } from 'ringside';
import type { program } from './all-reduce.rank.ts';

const group = await launch<typeof program>({
  worldSize: 4,
  program: () => new Worker(new URL('./all-reduce.rank.ts', import.meta.url), { type: 'module' }),
});
const ranks = await group.all((rank) => rank.sum());
const spans = await group.trace();
await group.close();

const sums = ranks.map(({ before, after }, rank) => `rank ${rank}: ${before.join(' ')} → ${after.join(' ')}`);
const steps = spans
  .sort((a, b) => a.endMs - b.endMs)
  .filter((span) => span.kind === 'step')
  .map(({ index, rank, chunk, from }) => `step ${index}: rank ${rank} reads chunk ${chunk} of rank ${from}`);
document.querySelector('pre')?.append([...sums, '', ...steps].join('\n'));
