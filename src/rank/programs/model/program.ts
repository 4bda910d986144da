/** The rank program of models: loads its shard, runs tokens, and draws the next ones. */

import { LabError } from '../../../base/errors.ts';
import { now } from '../../../base/trace.ts';
import type { ModelProgram, ModelToken, Spent } from '../../../protocol.ts';
import { type Candidate, candidatesOf } from '../../../sampling/likeliest.ts';
import { drawToken, GREEDY, type Sampling } from '../../../sampling/sampling.ts';
import { candidatesOfTop, drawFromTop, type TopLogits, type Wanted } from '../../../sampling/top.ts';
import { Inspection } from './Inspection.ts';
import { PassLog } from './PassLog.ts';
import type { ModelPlace } from './places.ts';
import { RankModel } from './RankModel.ts';

/** How the next token is drawn. */
interface Next {
  readonly wanted: Wanted;
  readonly sampling: Sampling;
}

/** All logits, or what of them was enough, and the token that is drawn. */
type Read = { readonly id: number; readonly top: TopLogits } | { readonly logits: Float32Array };

interface Drawn {
  readonly id: number;
  readonly told: readonly Candidate[];
}

export function createModelProgram(place: ModelPlace): ModelProgram {
  let log = new PassLog(0);
  let opened: RankModel | null = null;
  let inspected: Inspection | null = null;

  function model(): RankModel {
    if (opened === null) throw new LabError('input', 'There is no model yet. Call open() first.');
    return opened;
  }

  /** What was looked at is let go before anything else runs. */
  function forget(): void {
    inspected?.free();
    inspected = null;
  }

  function inspection(): Inspection {
    if (inspected === null) throw new LabError('input', 'No token is being looked at. Call inspect() first.');
    return inspected;
  }

  /** Runs tokens, and tells where the time went if that is asked for. */
  async function timed(
    ids: readonly number[],
    traced: boolean,
    next: Next | null,
    prefill = false,
  ): Promise<Spent | null> {
    const end = place.watch(traced);
    const startMs = now();
    await model().run(ids);
    if (next !== null) await read(next);
    const endMs = now();
    const traces = end({ startMs, ms: endMs - startMs });
    if (traces === null) return null;
    log.add({ prefill, tokens: ids.length, startMs, endMs, spans: traces.spans });
    return traces.spent;
  }

  /** As few logits as will do to draw the next token. What was read is kept until another token is run. */
  async function read({ wanted, sampling }: Next): Promise<Read> {
    const top = wanted === 'all' ? null : await model().top(wanted);
    const id = top === null ? null : drawFromTop(top, sampling, model().ids.length);
    return top !== null && id !== null ? { id, top } : { logits: await model().logits() };
  }

  /** The next token, and the likeliest ones. */
  async function draw(next: Next, candidates: number): Promise<Drawn> {
    const got = await read(next);
    if ('top' in got) return { id: got.id, told: candidatesOfTop(got.top, candidates) };
    const { ids, vocabulary } = model();
    return {
      id: drawToken(got.logits, next.sampling, ids, ids.length, vocabulary),
      told: candidates > 0 ? candidatesOf(got.logits, candidates) : [],
    };
  }

  return {
    async open(task) {
      forget();
      opened?.free();
      log = new PassLog(place.keepsSpans);
      opened = new RankModel(place.context(task.algorithm), task);
    },

    async load() {
      return model().load();
    },

    async prefill(ids, traced, wanted, sampling = GREEDY) {
      forget();
      return timed(ids, traced, wanted === null ? null : { wanted, sampling }, true);
    },

    /**
     * Each rank draws by itself: all have the same of the logits and the same seed, and so nobody has to be told. The page, whose
     * thread draws pictures, is asked for nothing in between.
     */
    async generate({ count, sampling, wanted, stopIds, candidates, traced }) {
      forget();
      const tokens: ModelToken[] = [];
      const next = { wanted, sampling };
      while (tokens.length < count) {
        const startMs = now();
        const { id, told } = await draw(next, place.rank === 0 ? candidates : 0);
        const stops = stopIds.includes(id);
        const spent = stops ? null : await timed([id], traced, next);
        tokens.push({ id, candidates: told, ms: now() - startMs, spent });
        if (stops) break;
      }
      return tokens;
    },

    async inspect(position) {
      forget();
      inspected = await place.alone(() => Inspection.of(model(), place, position));
      return { events: inspected.events, chosen: inspected.chosen };
    },

    async openTensor(id) {
      return inspection().open(id);
    },

    async attention(layer) {
      return inspection().attention(layer);
    },

    async recorded() {
      return log.passes;
    },

    async truncate(length) {
      forget();
      model().truncate(length);
    },

    async logits() {
      return model().logits();
    },

    async firstChoices(ids) {
      forget();
      return model().firstChoices(ids);
    },

    async logitsBehind(ids) {
      forget();
      return model().logitsBehind(ids);
    },
  };
}
