/** The rank program of models: loads its shard, runs tokens, and draws the next ones. */

import { LabError } from '../../../base/errors.ts';
import { now } from '../../../base/trace.ts';
import type { RankContext } from '../../../host/serve.ts';
import { parallelContext } from '../../../parallel/context.ts';
import type { ModelProgram, ModelToken, Spent } from '../../../protocol.ts';
import { candidatesOf } from '../../../sampling/likeliest.ts';
import { drawToken } from '../../../sampling/sampling.ts';
import { RankModel } from './RankModel.ts';
import { spentOf } from './spent.ts';

export function createModelProgram(context: RankContext): ModelProgram {
  const { comm, device, recorder } = context;
  let opened: RankModel | null = null;

  function model(): RankModel {
    if (opened === null) throw new LabError('input', 'There is no model yet. Call open() first.');
    return opened;
  }

  /** Runs tokens, and tells where the time went if that is asked for. */
  async function timed(ids: readonly number[], traced: boolean): Promise<Spent | null> {
    recorder.trace = traced ? 'all' : 'off';
    if (!traced) {
      await model().run(ids);
      return null;
    }
    recorder.take();
    const startMs = now();
    await model().run(ids);
    const { spans } = recorder.take();
    return spentOf(spans, now() - startMs);
  }

  return {
    async open(task) {
      opened?.free();
      opened = new RankModel(parallelContext(comm, device), task);
    },

    async load() {
      return model().load();
    },

    async prefill(ids, traced) {
      return timed(ids, traced);
    },

    /**
     * Each rank draws by itself: all have the same logits and the same seed, and so nobody has to be told. The page, whose
     * thread draws pictures, is asked for nothing in between.
     */
    async generate({ count, sampling, stopIds, candidates, traced }) {
      const tokens: ModelToken[] = [];
      while (tokens.length < count) {
        const startMs = now();
        const { logits, ids } = model();
        const id = drawToken(logits, sampling, ids, ids.length);
        const told = comm.rank === 0 && candidates > 0 ? candidatesOf(logits, candidates) : [];
        const stops = stopIds.includes(id);
        const spent = stops ? null : await timed([id], traced);
        tokens.push({ id, candidates: told, ms: now() - startMs, spent });
        if (stops) break;
      }
      return tokens;
    },

    async truncate(length) {
      model().truncate(length);
    },

    async logits() {
      return model().logits;
    },
  };
}
