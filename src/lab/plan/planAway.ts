/** The worker of the page, which lives as long as the page: one question after another. */

import { LabError } from '../../base/errors.ts';
import type { Answer, Ask } from './answer.ts';
import type { HubModel } from './hub.ts';
import type { PlanNews, PlanTask } from './plan.worker.ts';

export interface PlanWorker {
  /** @throws LabError with one sentence */
  ask(ask: Ask): Promise<Answer>;
  /** @throws LabError as fetchModel() does */
  fetch(name: string): Promise<HubModel>;
}

interface Waits {
  resolve(value: Answer | HubModel): void;
  reject(failure: LabError): void;
}

export function startPlanWorker(): PlanWorker {
  const worker = new Worker(new URL('./plan.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waits>();
  let last = 0;
  worker.onmessage = ({ data: { id, outcome } }: MessageEvent<PlanNews>) => {
    const waits = waiting.get(id);
    waiting.delete(id);
    if (outcome.ok) waits?.resolve(outcome.value);
    else waits?.reject(new LabError('input', outcome.failure.message));
  };
  worker.onerror = (event) => {
    const why = event.message || 'its worker did not start'; // of which a browser tells nothing
    const failure = new LabError('environment', `Nothing can be planned here: ${why}. Load the page again.`);
    for (const waits of waiting.values()) waits.reject(failure);
    waiting.clear();
  };
  const send = (task: PlanTask): Promise<Answer | HubModel> =>
    new Promise((resolve, reject) => {
      waiting.set(task.id, { resolve, reject });
      worker.postMessage(task);
    });
  return {
    ask: (ask) => send({ id: last++, kind: 'ask', ask }) as Promise<Answer>,
    fetch: (name) => send({ id: last++, kind: 'fetch', name }) as Promise<HubModel>,
  };
}
