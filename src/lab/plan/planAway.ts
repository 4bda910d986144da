/** The worker of the page, which lives as long as the page: one question after another. */

import { LabError } from '../../base/errors.ts';
import { CalledWorker } from '../workerCalls.ts';
import type { Answer, Ask } from './answer.ts';
import type { HubModel } from './hub.ts';
import type { PlanMethods } from './plan.worker.ts';

export interface PlanWorker {
  /** @throws LabError with one sentence */
  ask(ask: Ask): Promise<Answer>;
  /** @throws LabError as fetchModel() does */
  fetch(name: string): Promise<HubModel>;
}

export function startPlanWorker(): PlanWorker {
  const worker = new CalledWorker<PlanMethods>(
    new Worker(new URL('./plan.worker.ts', import.meta.url), { type: 'module' }),
    (why) => new LabError('environment', `Nothing can be planned here: ${why}. Load the page again.`),
  );
  return {
    ask: (ask) => worker.call('ask', ask),
    fetch: (name) => worker.call('fetch', name),
  };
}
