/** Searches layouts, which takes too long for the page's thread, and fetches what pages may not. */

import { answerCalls } from '../workerCalls.ts';
import { createAnswerer } from './answer.ts';
import { fetchModel } from './hub.ts';

const methods = { ask: createAnswerer(), fetch: fetchModel };

export type PlanMethods = typeof methods;

answerCalls(methods);
