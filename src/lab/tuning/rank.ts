/** The rank that times kernels: a group of one, alone with a GPU. */

import { launch } from '../../host/launch.ts';
import type { TuningAdapter, TuningProgram } from '../../protocol/tuning.ts';
import type { ShapeClass } from '../../tuning/shapeClass.ts';
import type { Tuned } from '../../tuning/table.ts';

export interface TuningRank {
  readonly adapter: TuningAdapter;
  /**
   * @param exhaustive whether all kernels are timed to the end
   * @throws LabError `device` where the GPU fails, `closed` where it was stopped
   */
  tune(cls: ShapeClass, exhaustive?: boolean): Promise<Tuned>;
  close(): Promise<void>;
}

/** For a class: it is done before anybody notices. */
const CLASS_MS = 300;
/** In software, where a product takes as long as a hundred on a GPU, and nothing is tuned that nobody asked for. */
const SOFTWARE_MS = 1000;
/** A software adapter compiles for seconds. */
const TIMEOUT_MS = 120_000;

/** @throws LabError `environment` where there is no WebGPU, `closed` where the signal ended it */
export async function launchTuning(signal: AbortSignal): Promise<TuningRank> {
  const group = await launch<TuningProgram>({
    worldSize: 1,
    device: 'cpu', // the program opens a GPU by itself
    timeoutMs: TIMEOUT_MS,
    trace: 'off',
    memory: { arenaBytes: 0 },
    signal,
    program: () =>
      new Worker(new URL('../../rank/programs/tuning/tuning.rank.ts', import.meta.url), { type: 'module' }),
  });
  const ask = async <T>(question: Parameters<typeof group.all<T>>[0]): Promise<T> => {
    const [answer] = await group.all(question);
    return answer as T; // of the one rank
  };
  const adapter = await ask((rank) => rank.open());
  const budgetMs = adapter.software ? SOFTWARE_MS : CLASS_MS;
  return {
    adapter,
    tune: (cls, exhaustive = false) => ask((rank) => rank.tune(cls, { budgetMs, exhaustive })),
    close: () => group.close(),
  };
}
