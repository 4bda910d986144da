/** What a layout of a model on some machines costs: memory, the time of a step, and how much room is left. */

import { gpusOf, type Layout } from './layout.ts';
import { CHUNK, cacheBytesOf, longestIn, type Memory, memoryOf } from './memory.ts';
import type { PassTime, StepTime } from './pass.ts';
import { type Load, type Question, rememberedTimes, type TimeOf } from './question.ts';
import { hopsMs, trainingStep } from './training.ts';

/** What most of a step's time goes to; `memory`: it does not fit. */
export type Limit = 'memory' | 'bandwidth' | 'FLOPs' | 'links' | 'layers';

export interface Plan extends Layout {
  readonly gpus: number;
  readonly memory: Memory;
  readonly fits: boolean;
  /** A token of each sequence, the mean over the answer; in training all tokens of them, there and back. */
  readonly step: StepTime;
  /** Of all sequences together; in serving with what it takes to read their prompts. */
  readonly tokensPerSecond: number;
  readonly limit: Limit;
  /** Null in training. */
  readonly serving: Serving | null;
}

export interface Serving {
  /** Sequences of that length for which there is room, in all copies. */
  readonly room: number;
  /** Tokens of a sequence for which there is room, with so many of them at once. */
  readonly longest: number;
  /** Until the first token of a sequence is there, on GPUs that do nothing else. */
  readonly firstTokenMs: number;
  readonly tokensPerSecondOfOne: number;
}

/** @param timeOf remembers passes over many layouts */
export function planOf(question: Question, layout: Layout, timeOf: TimeOf = rememberedTimes(question)): Plan {
  const memory = memoryOf(question, layout);
  const fits = memory.total <= question.machine.gpu.memoryGB;
  const step =
    question.load.work === 'train'
      ? trainingStep(question, layout, timeOf)
      : servingStep(question, layout, timeOf);
  const common = {
    ...layout,
    gpus: gpusOf(layout),
    memory,
    fits,
    step,
    limit: fits ? limitOf(step) : ('memory' as const),
  };
  const { sequences, prompt, answer } = question.load;
  if (question.load.work === 'train') {
    return { ...common, tokensPerSecond: (1e3 * sequences * prompt) / step.totalMs, serving: null };
  }
  const serving = servingOf(question, layout, { memory, step, timeOf });
  // Prompts are read between steps, one after another: by each copy those of its sequences.
  const each = Math.max(1, Math.ceil(sequences / layout.data));
  const answerMs = answer * step.totalMs + each * prefillShareMs(serving.firstTokenMs, layout, question.load);
  return { ...common, tokensPerSecond: (1e3 * answer * sequences) / answerMs, serving };
}

function servingOf(
  question: Question,
  layout: Layout,
  { memory, step, timeOf }: { memory: Memory; step: StepTime; timeOf: TimeOf },
): Serving {
  const { model, machine, load } = question;
  const { cacheBytes, prompt, answer } = load;
  const sequences = Math.max(1, Math.ceil(load.sequences / layout.data));
  const free = Math.max(0, (machine.gpu.memoryGB - memory.total + memory.cache) * 1e9);
  return {
    room: Math.floor(free / cacheBytesOf(model, layout, cacheBytes, prompt + answer)) * layout.data,
    longest: longestIn(model, layout, cacheBytes, free / sequences),
    firstTokenMs: prefillMs(question, layout, timeOf),
    tokensPerSecondOfOne: 1e3 / step.totalMs,
  };
}

/** A token of each sequence, when half of the answer is there. */
function servingStep(question: Question, layout: Layout, timeOf: TimeOf): StepTime {
  const { load } = question;
  const { tensor, pipeline, expert, data } = layout;
  const sequences = Math.max(1, Math.ceil(load.sequences / data));
  // A stage decodes one part of the sequences while the others are in other stages.
  const parts = Math.min(sequences, pipeline);
  const each = Math.ceil(sequences / parts);
  const context = load.prompt + load.answer / 2;
  const pass = timeOf({ tensor, expert, sequences: each, tokens: 1, context, cacheBytes: load.cacheBytes });
  const hops = hopsMs(question, layout, each);
  return {
    ...pass,
    // Of the layers a GPU has its stage's, for each of the parts.
    collectives: (pass.collectives * parts) / pipeline,
    sentBytes: (pass.sentBytes * parts) / pipeline,
    linkMs: pass.linkMs + hops,
    totalMs: pass.totalMs + hops,
    idleShare: 1 - parts / pipeline,
  };
}

/** The first token comes when all of the prompt's chunks are through all stages. */
function prefillMs(question: Question, layout: Layout, timeOf: TimeOf): number {
  const { prompt, cacheBytes } = question.load;
  const { tensor, expert, pipeline } = layout;
  let [sum, last] = [0, 0];
  for (let context = 0; context < prompt; context += CHUNK) {
    const tokens = Math.min(CHUNK, prompt - context);
    const pass = timeOf({ tensor, expert, sequences: 1, tokens, context, cacheBytes });
    last = pass.totalMs + hopsMs(question, layout, tokens);
    sum += last;
  }
  // A stage takes the next chunk as soon as the last one has left it.
  return sum / pipeline + (last * (pipeline - 1)) / pipeline;
}

/** What a prompt keeps a copy's GPUs from decoding: with stages, several prompts are under way. */
function prefillShareMs(firstTokenMs: number, { pipeline }: Layout, { prompt }: Load): number {
  const chunks = Math.ceil(prompt / CHUNK);
  return (firstTokenMs * chunks) / (chunks + pipeline - 1);
}

function limitOf({ readMs, flopsMs, linkMs, layersMs }: PassTime): Limit {
  const parts: readonly (readonly [Limit, number])[] = [
    ['bandwidth', readMs >= flopsMs ? readMs : 0],
    ['FLOPs', flopsMs > readMs ? flopsMs : 0],
    ['links', linkMs],
    ['layers', layersMs],
  ];
  return parts.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
