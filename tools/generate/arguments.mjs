// The arguments of `npm run generate`, as what the page is to do.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { placeOfModel } from '../modelPlace.mjs';

export const usage = `Usage: npm run generate -- [options]

Has a language model go on with a text, on ranks in a browser without a window. The text goes to standard output, figures
to standard error.

  --model WHERE       a folder on this machine, a URL, or a model's page on huggingface.co, with config.json,
                      tokenizer.json and safetensors (default the small model that comes with Ringside)
  --prompt TEXT       what it goes on with (default “Once upon a time”)
  --chat              the prompt is something said to it, and its chat template is used
  --tokens NUMBER     new ones at most (default 64)
  --ranks NUMBER      1 to 64 (default 2)
  --device NAME       webgpu, cpu or auto (default auto)
  --placement NAME    worker: each rank has a worker and a device of its own (the default); one-device: all ranks share one
                      device, which makes their collectives, and nothing goes through the host
  --all-reduce NAME   ring, one-shot, two-shot, or auto, which goes by size (default auto); on one device there is no choice
  --weights NAME      how products hold theirs: stored (the default), or rounded on each rank to integers in blocks of 32
                      with a scale, q8 of 8 bits or q4 of 4
  --context NUMBER    the longest sequence, which memory is taken for (default 2048 or what the model takes)

  --greedy            always the likeliest token; the same as --temperature 0
  --temperature X     flatter above 1, steeper below (default as the model's makers recommend, as of the next four)
  --top-k NUMBER      only the so many likeliest tokens; 0 is all
  --top-p X           only the likeliest that add up to this probability
  --min-p X           only tokens that are at least so likely, as a share of the likeliest
  --repetition-penalty X
                      makes tokens that were there before less likely
  --seed NUMBER       of the draws (default 1)
  --stop TEXT         ends before this text; may be repeated

  --trace             says where the time of each rank went
  --browser PATH      the Chrome, Chromium or Edge to use (default CHROME_PATH, or one that is found)
  --headed            show its window; keep it in sight, for a hidden page is throttled
  --chrome-arg=ARG    hand ARG to the browser; may be repeated
  --help              print this

Exit status: 0, 1 where it failed, 2 for bad arguments, 130 after Ctrl-C.`;

/** By the name of the flag, where the option is. */
const SAMPLING = /** @type {const} */ ({
  temperature: 'temperature',
  'top-k': 'topK',
  'top-p': 'topP',
  'min-p': 'minP',
  'repetition-penalty': 'repetitionPenalty',
  seed: 'seed',
});

const EMBEDDED_PATH = '/models/stories/';

/**
 * @typedef {object} Arguments
 * @property {Omit<import('../../src/lab/model/headless.ts').HeadlessOptions, 'sampling'> & {
 *   sampling: Record<string, number> }} options of the page
 * @property {string | null} folder on this machine, to be served at `options.url`
 * @property {string | null} browser
 * @property {boolean} headed
 * @property {string[]} chromeArgs
 * @property {boolean} help
 */

/**
 * Throws a sentence.
 * @param {readonly string[]} argv
 * @param {typeof import('./data.mjs')} data
 * @returns {Arguments}
 */
export function readArguments(argv, data) {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const list = {
    ...text,
    multiple: /** @type {const} */ (true),
    default: /** @type {string[]} */ ([]),
  };
  const { values } = parseArgs({
    args: [...argv],
    options: {
      model: text,
      prompt: text,
      chat: flag,
      tokens: text,
      ranks: text,
      device: text,
      placement: text,
      'all-reduce': text,
      weights: text,
      context: text,
      greedy: flag,
      temperature: text,
      'top-k': text,
      'top-p': text,
      'min-p': text,
      'repetition-penalty': text,
      seed: text,
      stop: list,
      trace: flag,
      browser: text,
      headed: flag,
      'chrome-arg': list,
      help: flag,
    },
  });
  const {
    model,
    prompt = 'Once upon a time',
    device = 'auto',
    placement = 'worker',
    'all-reduce': allReduce = 'auto',
    weights = 'stored',
    browser,
  } = values;
  const known = data.DEVICE_CHOICES.find((choice) => choice === device);
  if (known === undefined) throw new Error(`--device is “${device}”. Use ${data.DEVICE_CHOICES.join(', ')}.`);
  const place = data.PLACEMENTS.find((choice) => choice === placement);
  if (place === undefined)
    throw new Error(`--placement is “${placement}”. Use ${data.PLACEMENTS.join(', ')}.`);
  const algorithm = data.ALGORITHMS.find((choice) => choice === allReduce);
  if (algorithm === undefined)
    throw new Error(`--all-reduce is “${allReduce}”. Use ${data.ALGORITHMS.join(', ')}.`);
  const held = data.PRODUCT_WEIGHTS.find((choice) => choice === weights);
  if (held === undefined)
    throw new Error(`--weights is “${weights}”. Use ${data.PRODUCT_WEIGHTS.join(', ')}.`);
  if (browser !== undefined && !existsSync(browser)) {
    throw new Error(`--browser is ${browser}, where there is no file.`);
  }
  if (prompt === '') throw new Error('--prompt is empty: there is nothing to go on with.');
  const { folder, ...where } =
    model === undefined ? { url: EMBEDDED_PATH, name: 'stories', folder: null } : placeOfModel(model);
  return {
    options: {
      ...where,
      worldSize: whole('ranks', values.ranks ?? '2', 1, data.MAX_WORLD_SIZE),
      device: known,
      placement: place,
      algorithm,
      weights: held,
      positions: values.context === undefined ? null : whole('context', values.context, 2, 1_000_000),
      prompt,
      chat: values.chat,
      count: whole('tokens', values.tokens ?? '64', 1, 1_000_000),
      sampling: samplingOf(values, data),
      stopWords: values.stop,
      traced: values.trace,
    },
    folder,
    browser: browser ?? null,
    headed: values.headed,
    chromeArgs: values['chrome-arg'],
    help: values.help,
  };
}

/**
 * @param {Record<string, unknown>} values
 * @param {typeof import('./data.mjs')} data
 */
function samplingOf(values, { GREEDY, samplingProblem }) {
  /** @type {Record<string, number>} */
  const sampling = {};
  for (const [flag, name] of Object.entries(SAMPLING)) {
    const given = values[flag];
    if (typeof given !== 'string') continue;
    const number = given.trim() === '' ? Number.NaN : Number(given);
    if (Number.isNaN(number)) throw new Error(`--${flag} is “${given}”, which is no number.`);
    sampling[name] = number;
  }
  if (values['greedy']) {
    if ((sampling['temperature'] ?? 0) !== 0)
      throw new Error('--greedy is temperature 0, and --temperature is not.');
    sampling['temperature'] = 0;
  }
  const problem = samplingProblem({ ...GREEDY, ...sampling });
  if (problem !== null) throw new Error(problem);
  return sampling;
}

/**
 * @param {string} flag
 * @param {string} given
 * @param {number} least
 * @param {number} most
 */
function whole(flag, given, least, most) {
  const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Error(
    `--${flag} is “${given}”. It must be a whole number from ${least} to ${most.toLocaleString('en')}.`,
  );
}
