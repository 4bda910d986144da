/** Our own ranks, with the program and the checks of the benchmark. */

import type { BenchCase } from '../../../src/bench/record.ts';
import type { RankGroup } from '../../../src/host/rankGroup.ts';
import { launch } from '../../../src/index.ts';
import { arenaFor } from '../../../src/lab/arena.ts';
import type { BenchProgram } from '../../../src/protocol/bench.ts';
import type { PageRunner } from './runner.ts';

const SEED = 1;
const TIMEOUT_MS = 120_000;
/** As by default, and not as the first case needs: longer buffers follow it. */
const LEAST_ARENA_BYTES = 2 ** 24;

/** A group is launched when it is first needed. No trace is kept, for the others keep none. */
export function oursRunner(device: 'cpu' | 'webgpu', worldSize: number): PageRunner {
  let group: RankGroup<BenchProgram> | null = null;
  const open = async ({ bytes }: BenchCase): Promise<RankGroup<BenchProgram>> =>
    launch<BenchProgram>({
      worldSize,
      device,
      timeoutMs: TIMEOUT_MS,
      memory: { arenaBytes: Math.max(LEAST_ARENA_BYTES, arenaFor(2 * bytes)) },
      trace: 'off',
      program: () =>
        new Worker(new URL('../../../src/rank/programs/bench/bench.rank.ts', import.meta.url), {
          type: 'module',
        }),
    });
  const started = (): RankGroup<BenchProgram> => {
    if (group === null) throw new Error('The ranks have not been launched.');
    return group;
  };
  return {
    async prepare(one) {
      if (one === null) throw new Error('Ranks need a case.');
      group ??= await open(one);
      const prepared = await group.all((rank) => rank.prepare({ case: one, seed: SEED }));
      const checks = await group.all((rank) => rank.check());
      return {
        wrong: checks.reduce((sum, { wrong }) => sum + wrong, 0),
        maxAbsError: Math.max(...checks.map(({ maxAbsError }) => maxAbsError)),
        atOnce: Math.min(...prepared.map(({ atOnce }) => atOnce)),
      };
    },
    /** Timed by each rank itself, from a barrier on; the slowest is the speed of all. */
    async iterate(runs) {
      const batches = await started().all((rank) => rank.iterate(1, runs));
      return Math.max(...batches.flatMap(({ elapsedMs }) => elapsedMs));
    },
    async release() {
      await started().all((rank) => rank.release());
    },
    async close() {
      await group?.close();
    },
  };
}
