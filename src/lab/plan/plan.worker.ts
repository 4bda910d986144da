/** Searches layouts, which takes too long for the page's thread, and fetches what pages may not. */

import { messageOf } from '../../base/errors.ts';
import type { Outcome } from '../../protocol.ts';
import { type Answer, type Ask, createAnswerer } from './answer.ts';
import { fetchModel, type HubModel } from './hub.ts';

export type PlanTask = { readonly id: number } & (
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'fetch'; readonly name: string }
);
export interface PlanNews {
  readonly id: number;
  readonly outcome: Outcome<Answer | HubModel>;
}

const answerTo = createAnswerer();

addEventListener('message', async ({ data }: MessageEvent<PlanTask>) => {
  const tell = (outcome: PlanNews['outcome']): void =>
    postMessage({ id: data.id, outcome } satisfies PlanNews);
  try {
    tell({ ok: true, value: data.kind === 'ask' ? answerTo(data.ask) : await fetchModel(data.name) });
  } catch (thrown) {
    tell({ ok: false, failure: { code: 'input', message: messageOf(thrown) } });
  }
});
