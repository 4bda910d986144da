/** What the worker of a model serves: one rank of a group, or all ranks of one, on its one device. */

import { LabError } from '../../../base/errors.ts';
import type { RankContext } from '../../../host/serve.ts';
import type { ModelWorker } from '../../../protocol.ts';
import { type ModelPlace, ownPlace, sharedPlaces } from './places.ts';
import { createModelProgram } from './program.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

export function createModelWorker(context: RankContext): ModelWorker {
  const { recorder } = context;
  let programs = [createModelProgram(ownPlace(context))];
  let shared: readonly ModelPlace[] = [];

  return {
    async share(worldSize) {
      shared = sharedPlaces(context, worldSize);
      programs = shared.map(createModelProgram);
    },

    async call(method, args) {
      const answers = await together(programs.map((program) => () => (program[method] as Method)(...args)));
      if (method === 'inspect' && shared.length > 0) {
        // The page takes the worker's trace, in which each span has its rank.
        recorder.restore({ spans: shared.flatMap((place) => place.recorder.take().spans), dropped: 0 });
        recorder.trace = 'off';
      }
      return answers;
    },
  };
}

/**
 * All at once. A rank that fails leaves the others waiting for it: only what all refuse alike leaves them as they were.
 * @throws what the first of them threw; LabError `mismatch` where one refused what others did not
 */
async function together(calls: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
  let settled = 0;
  const asked = calls.map(async (call) => {
    try {
      return await call();
    } finally {
      settled++;
    }
  });
  try {
    return await Promise.all(asked);
  } catch (thrown) {
    if (!(thrown instanceof LabError) || thrown.code !== 'input') throw thrown;
    await new Promise((resolve) => setTimeout(resolve)); // those who refuse too do so before they wait for anybody
    if (settled === calls.length) throw thrown;
    throw new LabError('mismatch', `${thrown.message} The other ranks did not refuse this.`, {
      cause: thrown,
    });
  }
}
