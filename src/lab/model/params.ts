/** What a visitor chooses on the Model page, and how a link says it. */

import { ALGORITHMS, type Algorithm } from '../../collectives/algorithm.ts';
import { choice, size } from '../../program/definition.ts';
import { PRODUCT_WEIGHTS, type ProductWeights } from '../../program/packing.ts';
import type { DeviceChoice, Placement } from '../../protocol.ts';
import { GREEDY, type Sampling, samplingProblem } from '../../sampling/sampling.ts';
import { DEVICE, RANKS, valueProblem } from '../parameters.ts';

export interface ModelParams {
  /** {@link SHIPPED}, {@link PICKED}, or the address of a folder. */
  readonly model: string;
  readonly ranks: number;
  readonly device: DeviceChoice;
  /** Whether each rank has a worker and a device of its own, or all of them share one. */
  readonly placement: Placement;
  /** How every all_reduce is made. */
  readonly algorithm: Algorithm | 'auto';
  /** How products hold their weights. */
  readonly weights: ProductWeights;
  /** The longest sequence, which memory is taken for; null: as {@link usualContext}. */
  readonly context: number | null;
  /** What the model goes on with; of a talk, what is said first. */
  readonly prompt: string;
  /** New tokens at most. */
  readonly tokens: number;
  /** In place of what the model's makers recommend. */
  readonly sampling: Partial<Sampling>;
  /** Words that end the text. */
  readonly stopWords: readonly string[];
}

/** The model that comes with the page. */
export const SHIPPED = 'stories';
/** Files that were picked or dropped: a link cannot carry them. */
export const PICKED = 'files';

export const PLACEMENT = choice(
  'placement',
  'Placement',
  [
    { value: 'worker', label: 'A worker a rank' },
    { value: 'one-device', label: 'One device' },
  ],
  { noun: 'placement' },
);

/** Small sums are read in one shot, larger ones in two, the largest go around the ring: `auto` chooses. */
export const ALGORITHM = choice(
  'all-reduce',
  'All-reduce',
  [
    { value: 'auto', label: 'By size' },
    ...ALGORITHMS.map((value) => ({
      value,
      label: { ring: 'Ring', 'one-shot': 'One shot', 'two-shot': 'Two shots' }[value],
    })),
  ],
  { noun: 'way to all-reduce' },
);

/** Rounded on each rank, as its shard arrives. */
export const WEIGHTS = choice(
  'weights',
  'Weights of products',
  PRODUCT_WEIGHTS.map((value) => ({
    value,
    label: { stored: 'As stored', q8: 'int8 blocks', q4: 'int4 blocks' }[value],
  })),
  { noun: 'way to hold weights' },
);

export const TOKENS = size('tokens', 'New tokens', 100_000, { name: 'The number of new tokens' });

export const CONTEXT = size('context', 'Context', 1_000_000, { name: 'The context', min: 2 });

/** A cache for more than this is memory that hardly anybody here uses. */
const USUAL_CONTEXT = 2048;

/** Where nobody asks for another. @param most what the model was made for */
export function usualContext(most: number): number {
  return Math.min(USUAL_CONTEXT, most);
}

export const DEFAULT_PARAMS: ModelParams = {
  model: SHIPPED,
  ranks: 4,
  device: 'auto',
  placement: 'worker',
  algorithm: 'auto',
  weights: 'stored',
  context: null,
  prompt: 'Once upon a time, there was a little bird',
  tokens: 120,
  sampling: {},
  stopWords: [],
};

/** A text of more characters is no prompt that somebody typed; a tokenizer takes seconds for it. */
const MOST_CHARACTERS = 100_000;

/** The names of a link for what is drawn, in the order of the controls. */
const SAMPLING_KEYS: readonly (readonly [keyof Sampling, string])[] = [
  ['temperature', 'temperature'],
  ['topK', 'top-k'],
  ['topP', 'top-p'],
  ['minP', 'min-p'],
  ['repetitionPenalty', 'penalty'],
  ['seed', 'seed'],
];

/** Only what differs from the defaults. */
export function toQuery(params: ModelParams): URLSearchParams {
  const { model, ranks, device, placement, algorithm, weights, context } = params;
  const { prompt, tokens, sampling, stopWords } = params;
  const query = new URLSearchParams();
  if (model !== DEFAULT_PARAMS.model) query.set('model', model);
  if (ranks !== DEFAULT_PARAMS.ranks) query.set('ranks', String(ranks));
  if (device !== DEFAULT_PARAMS.device) query.set('device', device);
  if (placement !== DEFAULT_PARAMS.placement) query.set('placement', placement);
  if (algorithm !== DEFAULT_PARAMS.algorithm) query.set('all-reduce', algorithm);
  if (weights !== DEFAULT_PARAMS.weights) query.set('weights', weights);
  if (context !== null) query.set('context', String(context));
  if (prompt !== DEFAULT_PARAMS.prompt) query.set('prompt', prompt);
  if (tokens !== DEFAULT_PARAMS.tokens) query.set('tokens', String(tokens));
  for (const [field, key] of SAMPLING_KEYS) {
    const value = sampling[field];
    if (value !== undefined) query.set(key, String(value));
  }
  for (const word of stopWords) query.append('stop', word);
  return query;
}

/** Reads {@link toQuery} back. What is missing has its default; what is wrong is left to problemWith. */
export function fromQuery(query: URLSearchParams): ModelParams {
  const number = (key: string, fallback: number): number => {
    const text = query.get(key);
    return text === null ? fallback : numberOf(text);
  };
  const sampling = SAMPLING_KEYS.flatMap(([field, key]) => {
    const text = query.get(key);
    return text === null ? [] : [[field, numberOf(text)] as const];
  });
  return {
    model: query.get('model')?.trim() || DEFAULT_PARAMS.model,
    ranks: number('ranks', DEFAULT_PARAMS.ranks),
    device: (query.get('device') ?? DEFAULT_PARAMS.device) as DeviceChoice, // problemWith finds what it is not
    placement: (query.get('placement') ?? DEFAULT_PARAMS.placement) as Placement,
    algorithm: (query.get('all-reduce') ?? DEFAULT_PARAMS.algorithm) as ModelParams['algorithm'],
    weights: (query.get('weights') ?? DEFAULT_PARAMS.weights) as ProductWeights,
    context: query.has('context') ? number('context', Number.NaN) : null,
    prompt: query.get('prompt') ?? DEFAULT_PARAMS.prompt,
    tokens: number('tokens', DEFAULT_PARAMS.tokens),
    sampling: Object.fromEntries(sampling),
    stopWords: query.getAll('stop').filter((word) => word !== ''),
  };
}

/** Why they cannot run, and what would; null where they can, as far as it can be known without the model. */
export function problemWith({
  ranks,
  device,
  placement,
  algorithm,
  weights,
  context,
  prompt,
  tokens,
  sampling,
}: ModelParams): string | null {
  if (prompt.length > MOST_CHARACTERS)
    return `The text has ${prompt.length.toLocaleString('en')} characters; the page takes ${MOST_CHARACTERS.toLocaleString('en')}.`;
  return (
    valueProblem(RANKS, ranks) ??
    valueProblem(DEVICE, device) ??
    valueProblem(PLACEMENT, placement) ??
    valueProblem(ALGORITHM, algorithm) ??
    valueProblem(WEIGHTS, weights) ??
    (context === null ? null : valueProblem(CONTEXT, context)) ??
    valueProblem(TOKENS, tokens) ??
    samplingProblem({ ...GREEDY, ...sampling })
  );
}

/** Whether both ask for the same ranks with the same weights. */
export function sameRanks(a: ModelParams, b: ModelParams): boolean {
  const keys = ['model', 'ranks', 'device', 'placement', 'algorithm', 'weights', 'context'] as const;
  return keys.every((key) => Object.is(a[key], b[key]));
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
