import { expect, it } from 'vitest';
import { ALGORITHMS } from './algorithm.ts';
import { scheduleOf } from './schedule.ts';
import { readsOf } from './work.ts';

const CUTS = [[5], [4, 4], [5, 4], [7, 0, 3], [2, 2, 2, 2], [3, 3, 2, 2, 2]];

it.each(ALGORITHMS)('counts what the schedule of %s reads from others', (algorithm) => {
  for (const counts of CUTS) {
    const length = counts.reduce((sum, count) => sum + count, 0);
    for (const collective of ['all_reduce', 'reduce_scatter', 'all_gather'] as const) {
      for (const rank of counts.keys()) {
        const { steps } = scheduleOf({ kind: collective, algorithm, root: 0 }, counts.length, rank);
        const whole = collective === 'all_reduce' && algorithm === 'one-shot'; // of which there is one chunk
        const read = steps
          .filter(({ from }) => from !== rank)
          .reduce((sum, { chunk }) => sum + (whole ? length : (counts[chunk] ?? 0)), 0);
        expect(
          readsOf({ collective, length, counts }, rank, algorithm),
          `${collective} ${counts} ${rank}`,
        ).toBe(read);
      }
    }
  }
});
