/** Runs a script on worldSize worker threads of Node, over the same code as in the browser. */

import { Worker } from 'node:worker_threads';
import { inject } from 'vitest';
import { allocateGroup, attachGroup, type GroupMemory, type GroupOptions } from '../../group/memory.ts';
import type { Case } from './scripts.ts';
import type { Order, Report, ScriptName } from './work.ts';

export const DEFAULT_CASE: Case = { length: 1000, op: 'sum', algorithm: 'auto', inArena: false, root: 0 };

export interface RunOptions extends GroupOptions {
  readonly timeoutMs?: number;
  readonly valuesPerStep?: number;
  /** Called once the threads are under way. */
  readonly meanwhile?: (group: GroupMemory) => Promise<void>;
}

/** A pool: starting a thread takes longer than most tests. */
const idle: Worker[] = [];

async function thread(order: Order): Promise<Report> {
  const worker = idle.pop() ?? new Worker(inject('rankThreadPath'));
  const report = await new Promise<Report>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: Report) => {
      worker.off('error', reject);
      resolve(message);
    });
    worker.postMessage(order);
  });
  idle.push(worker);
  return report;
}

export async function runRanks(
  worldSize: number,
  script: ScriptName,
  testCases: Partial<Case> | readonly Partial<Case>[] = {},
  options: RunOptions = {},
): Promise<Report[]> {
  const { timeoutMs = 10_000, valuesPerStep = 0, meanwhile, ...groupOptions } = options;
  const memory = allocateGroup(worldSize, { arenaBytes: 2 ** 20, ...groupOptions });
  const cases = [testCases].flat().map((one) => ({ ...DEFAULT_CASE, ...one }));
  const reports = Array.from({ length: worldSize }, (_, rank) =>
    thread({ memory, rank, timeoutMs, script, testCases: cases, valuesPerStep }),
  );
  await meanwhile?.(attachGroup(memory));
  return Promise.all(reports);
}

/** Ends the pool's threads. Returns how many there were. */
export async function closeThreads(): Promise<number> {
  const workers = idle.splice(0);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return workers.length;
}
