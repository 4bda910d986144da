/** The options of a benchmark as texts: flags of the command line and the query of the page's link are the same. */

import { LabError } from '../base/errors.ts';
import { quoted } from '../base/shown.ts';
import {
  budgetFromText,
  budgetToText,
  shapesFromText,
  shapeToText,
  sizesFromText,
  sizesToText,
} from './amounts.ts';
import { modelFromText, modelToText } from './models.ts';
import {
  type BenchOptions,
  DEFAULT_OPTIONS,
  defaultsOf,
  type PassShape,
  problemWithOptions,
  SUITES,
  type Suite,
} from './options.ts';

/** Names of flags and of the query's parts, in the order of a link. */
export const FLAGS = [
  'suite',
  'ops',
  'ranks',
  'device',
  'placement',
  'algorithms',
  'sizes',
  'shapes',
  'model',
  'tokens',
  'past',
  'blocks',
  'checkpoints',
  'kernels',
  'weights',
  'budget',
  'seed',
] as const;
export type Flag = (typeof FLAGS)[number];
export type Flags = Readonly<Partial<Record<Flag, string | undefined>>>;

/**
 * What is missing has its default, which depends on the suites: see defaultsOf.
 * @throws LabError `input`: a sentence that names the text, what is wrong with it and what would do
 */
export function parseOptions(flags: Flags): BenchOptions {
  const suites = flags.suite === undefined ? DEFAULT_OPTIONS.suites : suitesFromText(flags.suite);
  const defaults = defaultsOf(suites);
  const options: BenchOptions = {
    ...defaults,
    ...read('ops', flags.ops, words),
    ...read('ranks', flags.ranks, wholeNumbers),
    ...read('devices', flags.device, words),
    ...read('placements', flags.placement, words),
    ...read('algorithms', flags.algorithms, words),
    ...read('sizes', flags.sizes, (text) => unique(sizesFromText(text))),
    ...read('shapes', flags.shapes, shapesFromText),
    ...read('model', flags.model, modelFromText),
    ...passesFromText(flags),
    ...read('blocks', flags.blocks, (text) => unique(wholeNumbers(text))),
    ...read('checkpoints', flags.checkpoints, words),
    ...read('variants', flags.kernels, (text) =>
      words(text).map((word) => (word === 'tiles' ? 'tiles-64' : word)),
    ),
    ...read('weights', flags.weights, words),
    ...read('budgetMs', flags.budget, budgetFromText),
    ...read('seed', flags.seed, seedFromText),
  };
  const problem = problemWithOptions(options);
  if (problem !== null) throw new LabError('input', problem);
  return options;
}

/** @throws LabError `input` as {@link parseOptions} */
export function optionsFromQuery(query: URLSearchParams): BenchOptions {
  return parseOptions(Object.fromEntries(FLAGS.map((flag) => [flag, query.get(flag) ?? undefined])));
}

/** Only what differs from the suites' defaults, in a fixed order. */
export function optionsToQuery(options: BenchOptions): URLSearchParams {
  const texts = textsOf(options);
  const defaults = textsOf(defaultsOf(options.suites));
  const query = new URLSearchParams();
  if (texts.suite !== textsOf(DEFAULT_OPTIONS).suite) query.set('suite', texts.suite);
  const passes = texts.tokens !== defaults.tokens || texts.past !== defaults.past;
  for (const flag of FLAGS) {
    const differs = flag === 'tokens' || flag === 'past' ? passes : texts[flag] !== defaults[flag];
    if (flag !== 'suite' && differs) query.set(flag, texts[flag]);
  }
  return query;
}

function textsOf(options: BenchOptions): Record<Flag, string> {
  const { suites, passes } = options;
  return {
    suite: suites.join() === SUITES.join() ? 'all' : suites.join(),
    ops: options.ops.join(),
    ranks: options.ranks.join(),
    device: options.devices.join(),
    placement: options.placements.join(),
    algorithms: options.algorithms.join(),
    sizes: sizesToText(options.sizes),
    shapes: options.shapes.map(shapeToText).join(),
    model: modelToText(options.model),
    tokens: passes.map(({ m }) => m).join(),
    past: passes.map(({ past }) => past).join(),
    blocks: options.blocks.join(),
    checkpoints: options.checkpoints.join(),
    kernels: options.variants.join(),
    weights: options.weights.join(),
    budget: budgetToText(options.budgetMs),
    seed: String(options.seed),
  };
}

/** That a word is one of those allowed is left to problemWithOptions. */
function read<K extends keyof BenchOptions>(
  key: K,
  text: string | undefined,
  parse: (text: string) => readonly (string | number)[] | BenchOptions[K],
): Partial<BenchOptions> {
  return text === undefined ? {} : { [key]: parse(text) };
}

function suitesFromText(text: string): Suite[] {
  return words(text === 'all' ? SUITES.join() : text) as Suite[];
}

/** The n-th of `tokens` goes with the n-th of `past`; the last of the shorter list goes with the rest. */
function passesFromText({ tokens, past }: Flags): Pick<BenchOptions, 'passes'> | null {
  if (tokens === undefined && past === undefined) return null;
  const ms = wholeNumbers(tokens ?? '1'); // past alone: decoding
  const pasts = wholeNumbers(past ?? '0');
  const passes = Array.from({ length: Math.max(ms.length, pasts.length) }, (_, i): PassShape => {
    return { m: ms[i] ?? ms.at(-1) ?? Number.NaN, past: pasts[i] ?? pasts.at(-1) ?? Number.NaN };
  });
  return { passes };
}

function words(text: string): string[] {
  return unique(
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );
}

function wholeNumbers(text: string): number[] {
  return text.split(',').map((part) => {
    if (!/^\s*\d+\s*$/.test(part)) {
      throw new LabError(
        'input',
        `${quoted(part)} is no whole number. Use one, or several with commas: 1,2,4.`,
      );
    }
    return Number(part);
  });
}

function seedFromText(text: string): number {
  const [seed = Number.NaN, ...more] = wholeNumbers(text);
  if (more.length > 0) throw new LabError('input', `“${text}” is no seed. Use one whole number.`);
  return seed;
}

/** The same twice would be the same case twice. */
function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
