/** The run as JSON: what somebody takes away from the Model page. */

import { textOf } from './conversation.ts';
import { type ModelState, samplingOf } from './state.ts';

/** All of a conversation: what was asked, every token with its time on each rank, what each rank holds. */
export function runRecord(state: ModelState, about: { readonly date: Date; readonly userAgent: string }) {
  const { params, folder, loaded, loading, turns, checked, differences } = state;
  return {
    schema: 'ringside-text/1',
    date: about.date.toISOString(),
    userAgent: about.userAgent,
    model: { source: params.model, name: folder?.model.name, architecture: folder?.model.architecture },
    ranks: loaded?.worldSize,
    placement: loaded?.placement,
    weights: loaded?.weights,
    weightRounding: loaded?.rounding,
    devices: loaded?.devices.map(({ kind, label }) => ({ kind, label })),
    allReduce: loaded?.placement === 'one-device' ? 'one-device' : params.algorithm,
    positions: loaded?.positions,
    loadMs: loaded?.loadMs,
    read: loading?.map(({ bytes, keptBytes, shardBytes }) => ({ bytes, keptBytes, shardBytes })),
    sampling: samplingOf(state),
    memory: loaded?.memory,
    plannedCollectives: loaded?.planned,
    // Of all texts of this visit.
    verdict: { checkedTokens: checked, asPlanned: checked > 0 && differences.length === 0, differences },
    turns: turns.map((turn) => ({
      prompt: turn.prompt,
      asked: turn.asked,
      text: textOf(turn),
      ending: turn.ending,
      context: turn.context,
      tokens: turn.tokens,
      figures: turn.figures,
    })),
  };
}
