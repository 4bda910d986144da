/** Runs cases on worker threads of Node, over the same code as in the browser. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { abortGroup } from '../../../src/group/abort.ts';
import { allocateGroup, attachGroup } from '../../../src/group/memory.ts';
import type { Complaint, Told } from '../report.ts';
import { drawThreadCase, type ThreadCase } from './faults.ts';
import { type Ending, judge } from './judge.ts';
import type { ThreadOrder, ThreadReport } from './runCase.ts';

/** The deadline where nobody may have to wait for it, and where somebody must. */
const LONG_MS = 600_000;
const SHORT_MS = 300;
/** What a very busy machine may take longer. What really hangs, hangs for ever. */
const GRACE_MS = 120_000;
/** Where an innocent rank was blamed for being late, perhaps it was: how much longer the second try waits. */
const PATIENCE = 30;

/** Threads that are used again, since starting one takes longer than most cases. */
export class Threads {
  readonly #path: string;
  readonly #idle: Worker[] = [];
  #alive = 0;

  /** @param path of thread.ts, bundled: Node alone does not read our TypeScript */
  constructor(path: string) {
    this.#path = path;
  }

  async run(seed: number, number: number): Promise<Told> {
    const threadCase = drawThreadCase(seed, number);
    const { worldSize, steps, fault, waits } = threadCase;
    const name = `${fault.kind}, ${worldSize} ranks, ${steps.map(({ kind }) => kind).join(' ')}`;
    const first = await this.#once(threadCase, SHORT_MS);
    const blamed = first.some(({ kind }) => kind === 'wrong name');
    const complaints = blamed && waits ? await this.#once(threadCase, SHORT_MS * PATIENCE) : first;
    return { name, complaints };
  }

  /** Ends them all. Returns how many of those that were ever started are still there. */
  async close(): Promise<number> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
    return this.#alive;
  }

  async #once(threadCase: ThreadCase, shortMs: number): Promise<Complaint[]> {
    const { worldSize, slotBytes, mailboxBytes, cores, fault, waits } = threadCase;
    const memory = allocateGroup(worldSize, { slotBytes, mailboxBytes, cores, arenaBytes: 2 ** 18 });
    const timeoutMs = waits ? shortMs : LONG_MS;
    const ranks = Array.from({ length: worldSize }, () => this.#idle.pop() ?? this.#start());
    const workers = await Promise.all(ranks); // all of them, before the first deadline runs
    const limitMs = GRACE_MS + (waits ? 2 * timeoutMs : 0);
    const endings = workers.map((worker, rank) =>
      this.#ending(worker, { memory, rank, timeoutMs, threadCase }, limitMs),
    );
    if (fault.kind === 'terminated') setTimeout(() => void workers[fault.rank]?.terminate(), fault.afterMs);
    if (fault.kind === 'aborted')
      setTimeout(() => abortGroup(attachGroup(memory), { kind: 'closed' }), fault.afterMs);
    return judge(threadCase, await Promise.all(endings));
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(this.#path);
    this.#alive++;
    worker.setMaxListeners(0);
    worker.on('exit', () => this.#alive--);
    await once(worker, 'message');
    return worker;
  }

  async #ending(worker: Worker, order: ThreadOrder, limitMs: number): Promise<Ending> {
    const ending = await new Promise<Ending>((resolve, reject) => {
      const timer = setTimeout(() => settle('silent'), limitMs);
      const gone = (): void => settle('gone');
      const tell = (report: ThreadReport): void => settle(report);
      const settle = (result: Ending): void => {
        clearTimeout(timer);
        worker.off('exit', gone).off('message', tell).off('error', reject);
        resolve(result);
      };
      worker.once('exit', gone).once('message', tell).once('error', reject);
      worker.postMessage(order);
    });
    if (ending === 'silent') await worker.terminate();
    else if (ending !== 'gone') this.#idle.push(worker);
    return ending;
  }
}
