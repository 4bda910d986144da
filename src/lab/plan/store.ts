/** The state of the Plan page. The model is counted at once; layouts are searched by a worker, the last question alone. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, messageOf, sentenceOf } from '../../base/errors.ts';
import { type CountedModel, checkpointBytesOf, mapWeights } from '../../planner/model/parts.ts';
import type { Answer, Ask } from './answer.ts';
import { knownConfig } from './knownModels.ts';
import type { PlanParams } from './params.ts';
import type { PlanWorker } from './planAway.ts';
import { modelOf, questionOf } from './question.ts';

export interface PlanState {
  readonly params: PlanParams;
  /** As it is counted; the last one that could be. */
  readonly model: CountedModel | null;
  /** Of the files with the weights, where they were asked: by the hub. */
  readonly fileBytes: number | null;
  /** Why the parameters ask nothing that can be answered, in a sentence. */
  readonly problem: string | null;
  /** The last answer; not always to the parameters as they are now. */
  readonly answer: Answer | null;
  readonly phase: 'idle' | 'searching' | 'fetching';
}

export interface PlanStore extends PlanState {
  change(patch: Partial<PlanParams>): void;
  /** A config.json; what it is called unless it says so itself. */
  takeConfig(text: string, name?: string): void;
  /** Takes the known model of that name, or fetches its config.json. */
  takeName(name: string): Promise<void>;
  /** Says why something is not taken; all else stays. */
  refuse(problem: string): void;
}

export function createPlanStore(first: PlanParams, worker: PlanWorker): StoreApi<PlanStore> {
  /** What is to be asked; null where all has been. */
  let wanted: Ask | null = null;
  let asking = false;
  /** So that a slow answer of the hub does not take the place of what was chosen since. */
  let fetches = 0;

  const store: StoreApi<PlanStore> = createStore<PlanStore>((set, get) => ({
    params: first,
    model: null,
    fileBytes: null,
    problem: null,
    answer: null,
    phase: 'idle',
    change(patch) {
      const before = get().params;
      const params = { ...before, ...patch };
      const isOther = params.model !== before.model || params.config !== before.config;
      if (isOther) fetches++;
      set({ params, ...(isOther && { fileBytes: null }) });
      consider();
    },
    takeConfig: (config, name = '') => get().change({ config, model: name, chosen: null }),
    async takeName(name) {
      if (knownConfig(name) !== null) return get().change({ model: name, config: '', chosen: null });
      const own = ++fetches;
      set({ phase: 'fetching', problem: null });
      try {
        const found = await worker.fetch(name);
        if (own !== fetches) return;
        get().change({ model: found.name, config: found.config, chosen: null });
        set({ fileBytes: found.fileBytes });
        consider();
      } catch (thrown) {
        if (own === fetches) set({ phase: 'idle', problem: sentenceOf(thrown) });
      }
    },
    refuse: (problem) => set({ problem }),
  }));
  const { getState, setState } = store;

  function consider(): void {
    const { params, fileBytes } = getState();
    let model = getState().model;
    try {
      const counted = modelOf(params);
      model = fileBytes === null ? counted : asInFiles(counted, fileBytes);
      wanted = { question: questionOf(model, params), target: params.target, chosen: params.chosen };
    } catch (thrown) {
      wanted = null;
      setState({ model, problem: problemIn(thrown), phase: 'idle' });
      return;
    }
    if (!asking) void askAll(); // first: the worker searches while the page is drawn
    setState({ model, problem: null, phase: 'searching' });
  }

  async function askAll(): Promise<void> {
    asking = true;
    while (wanted !== null) {
      const ask = wanted;
      wanted = null;
      try {
        const answer = await worker.ask(ask);
        if (wanted === null) setState({ answer });
      } catch (thrown) {
        setState({ problem: sentenceOf(thrown) });
      }
    }
    asking = false;
    setState({ phase: 'idle' });
  }

  consider();
  return store;
}

/** Weights as large as the files say, where these are not far from what is counted: else they hold something else too. */
function asInFiles(model: CountedModel, fileBytes: number): CountedModel {
  const ratio = fileBytes / checkpointBytesOf(model);
  if (Math.abs(ratio - 1) > 0.1) return model;
  return mapWeights(model, (weight) => ({ ...weight, bytes: weight.bytes * ratio }));
}

function problemIn(thrown: unknown): string {
  if (thrown instanceof LabError) return thrown.message;
  return `This text breaks the page, which is a fault in Ringside. The message was: ${messageOf(thrown)}`;
}
