import type { LaunchOptions } from '../../src/index.ts';
import { launch } from '../../src/index.ts';
import type { LinearProgram } from './linear.rank.ts';

/** Workers that were started and not yet terminated. */
export const alive = new Set<Worker>();

export function launchLinear(options: Omit<LaunchOptions, 'program'>) {
  return launch<LinearProgram>({ ...options, program: startWorker });
}

function startWorker(): Worker {
  const worker = new Worker(new URL('./linear.rank.ts', import.meta.url), { type: 'module' });
  const terminate = worker.terminate.bind(worker);
  worker.terminate = () => {
    alive.delete(worker);
    terminate();
  };
  alive.add(worker);
  return worker;
}
