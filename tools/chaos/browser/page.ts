/** Runs cases in this page, one after another, without a reload. */

import { Draw } from '../draw.ts';
import type { Told } from '../report.ts';
import { calling } from './scenarios/calling.ts';
import { ending } from './scenarios/ending.ts';
import { launching } from './scenarios/launching.ts';
import { Stage, unlessLate } from './stage.ts';
import { aliveWorkers, watchWorkers } from './workers.ts';

const SCENARIOS = { ...launching, ...calling, ...ending };
/** The deadline where somebody must wait for it. Within it an innocent rank has to come, on a busy machine too. */
const SHORT_MS = 1000;
/** Where an innocent rank was blamed for being late, perhaps it was: how much longer the second try waits. */
const PATIENCE = 15;
/** No scenario may take longer, whatever it waits for. */
const LIMIT_MS = 200_000;

watchWorkers();

/** Runs case `number`, and leaves nothing behind. */
export async function runCase(seed: number, number: number): Promise<Told> {
  const first = await once(seed, number, SHORT_MS);
  const blamed = first.complaints.some(({ kind }) => kind === 'wrong name');
  return blamed && first.waits ? once(seed, number, SHORT_MS * PATIENCE) : first;
}

async function once(seed: number, number: number, shortMs: number): Promise<Told & { waits: boolean }> {
  const draw = new Draw(seed, number);
  const scenario = draw.pick(Object.keys(SCENARIOS));
  const stage = new Stage(draw, shortMs);
  const { worldSize, device, rank } = stage;
  const name = `${scenario} (rank ${rank} of ${worldSize} on ${device})`;
  const run = async (): Promise<void> => {
    try {
      await SCENARIOS[scenario]?.(stage);
    } catch (thrown) {
      stage.complain('wrong name', `it broke off with ${thrown}`);
    }
  };
  if ((await unlessLate(run(), LIMIT_MS)) === 'late')
    stage.complain('hang', `it did not end within ${LIMIT_MS} ms`);
  await stage.close();
  const left = aliveWorkers();
  if (left.length > 0) stage.complain('leaked worker', `${left.length} workers were left`);
  for (const worker of left) worker.terminate(); // the next case begins with none
  return { name, complaints: stage.complaints, waits: stage.waits };
}
