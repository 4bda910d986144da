/** Operations timed by what they move, on a page without a face, which tools/bench.mjs opens and drives. */

import { launch } from '../../host/launch.ts';
import type { Traffic, TrafficProgram } from '../../protocol/traffic.ts';

/** A software adapter takes seconds for a prompt, and seconds to compile. */
const TIMEOUT_MS = 300_000;

/**
 * @param rows of each matrix
 * @param tell settles when whoever drives the page has taken it
 * @returns the adapter, for people
 */
export async function measureTraffic(
  rows: number,
  tell: (traffic: Traffic) => Promise<void>,
): Promise<string> {
  const group = await launch<TrafficProgram>({
    worldSize: 1,
    device: 'webgpu',
    timeoutMs: TIMEOUT_MS,
    trace: 'all',
    memory: { arenaBytes: 0 },
    program: () =>
      new Worker(new URL('../../rank/programs/traffic/traffic.rank.ts', import.meta.url), { type: 'module' }),
  });
  const [opened] = await group.all((rank) => rank.open());
  for (const name of opened?.cases ?? []) {
    for (const traffic of await group.all((rank) => rank.measure(name, rows))) await tell(traffic);
  }
  await group.close();
  return opened?.adapter ?? '';
}
