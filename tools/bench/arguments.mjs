// The command line's own arguments. What is measured is read by src/bench/parseOptions.ts, as the page's link is.

import { closeSync, existsSync, openSync, realpathSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { isFolder, placeOfModel } from '../modelPlace.mjs';

export const usage = `Usage: npm run bench -- [options]

Measures collectives, layers and kernels in a browser without a window, and checks every result.

  --suite LIST       collectives, layers, gemm, model or all (default collectives)
  --ops LIST         of the suites only these: all_reduce,reduce_scatter,all_gather,broadcast,all_to_all,
                     column_linear,row_linear,mlp,attention,embedding,block,gemm,prefill,decode
  --ranks LIST       numbers of ranks, 1 to 8 (default 1,2,4)
  --device LIST      webgpu,cpu (default both)
  --placement LIST   worker (a device a rank), one-device (all ranks on one GPU queue) (default worker)
  --algorithms LIST  of all_reduce: auto,ring,one-shot,two-shot (default auto)
  --sizes LIST       of collectives: 4KiB,1MiB, a range that doubles, 1KiB:64MiB, or one that quadruples,
                     1KiB:16MiB:4 (default 1KiB:64MiB; 1KiB:16MiB:4 beside other suites, so that all of
                     them end within five minutes on two cores without a GPU)
  --shapes LIST      of products and linear layers, m x k x n: 64x2048x8192 (default 16x512x2048,16x2048x512)
  --model NAME       whose other layers: llama-3.2-1b, llama-3-70b, qwen2.5-0.5b, or a part of the width,
                     as llama-3.2-1b/4 (default llama-3.2-1b/4)
  --model WHERE      of the suite model beside the one that comes along: a folder on this machine with
                     config.json, tokenizer.json and safetensors, or the URL of one
  --checkpoints LIST of the suite model only these: stories, which comes along, or URLs (default stories)
  --tokens LIST      of each pass (default 16,1; of the suite model alone 16,128,512,1)
  --past LIST        tokens in the cache before it: 0 is prefill, more with 1 token is decoding (default 0,128)
  --blocks LIST      of row_linear and mlp: in how many blocks of rows their sum is made, one while the next
                     multiplies: 1,2,4 (default 1)
  --kernels LIST     of gemm on webgpu: reference,registers,subgroup-16, -32,few-rows,tiles-32, -32-short, -32x64, -64,
                     -64x128, -128, -256 (default reference,registers,tiles-64)
  --weights LIST     of these, how the weight is stored: f32,f16,bf16, or blocks of 32
                     integers with a scale, q8,q4 (default f32)
  --budget TIME      that the iterations of a case fill, 2s or 200ms (default 500ms); never fewer than 10
  --seed NUMBER      of weights, inputs and the order of cases (default 1)

  --tune             instead, find the fastest WebGPU kernel for each of --shapes (default those that pages tune),
                     and print the table that a page keeps, as JSON
  --exhaustive       with --tune: time all kernels to the end too, and tell how good the short race was
  --traffic          instead, time attention, norms, RoPE and the like on WebGPU, against the bytes that each has to move
  --rows NUMBER      with --traffic: of each matrix (default 4096)

  --format NAME      table, json, csv or md (default table, or as the ending of FILE says)
  --out FILE         write the result there; a table is still printed
  --browser PATH     the Chrome, Chromium or Edge to use (default CHROME_PATH, or one that is found)
  --headed           show its window; keep it in sight, for a hidden page is throttled
  --chrome-arg=ARG   hand ARG to the browser; may be repeated
  --help             print this

The machine's GPU is used where Chrome offers it; else a software adapter, and the result says so.
With RINGSIDE_GPU=real in the environment that is an error.
Exit status: 0, 1 where a result is wrong or missing, 2 for bad arguments, 130 after Ctrl-C.`;

export const FORMATS = /** @type {const} */ (['table', 'json', 'csv', 'md']);

/**
 * @typedef {(typeof FORMATS)[number]} Format
 * @typedef {object} Arguments
 * @property {Record<string, string | undefined>} flags of what is measured
 * @property {import('../modelPlace.mjs').ModelPlace | null} place of a whole model that is measured too
 * @property {Format} format
 * @property {string | null} out
 * @property {string | null} browser
 * @property {boolean} headed
 * @property {string[]} chromeArgs
 * @property {boolean} tune
 * @property {boolean} exhaustive
 * @property {number | null} traffic rows of each matrix, where that is what is timed
 * @property {boolean} help
 */

/**
 * Throws a sentence.
 * @param {readonly string[]} argv
 * @param {readonly string[]} flagNames
 * @returns {Arguments}
 */
export function readArguments(argv, flagNames) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(flagNames.map((name) => [name, text])),
      format: text,
      out: text,
      browser: text,
      headed: { type: 'boolean', default: false },
      tune: { type: 'boolean', default: false },
      exhaustive: { type: 'boolean', default: false },
      traffic: { type: 'boolean', default: false },
      rows: text,
      'chrome-arg': { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const { format, out, browser, headed, 'chrome-arg': chromeArgs, help, ...others } = values;
  const { tune, exhaustive, traffic, rows, ...flags } = others;
  if (exhaustive && !tune) throw new Error('--exhaustive goes with --tune.');
  if (rows !== undefined && !traffic) throw new Error('--rows goes with --traffic.');
  if (out !== undefined) mustBeWritable(out);
  if (browser !== undefined && !existsSync(browser)) {
    throw new Error(`--browser is ${browser}, where there is no file.`);
  }
  const { place, ...rest } = withPlace(/** @type {Record<string, string>} */ (flags));
  return {
    flags: rest.flags,
    place,
    format: formatOf(format, out),
    out: out ?? null,
    browser: browser ?? null,
    headed,
    chromeArgs,
    tune,
    exhaustive,
    traffic: traffic ? rowsOf(rows ?? '4096') : null,
    help,
  };
}

/**
 * A --model that is a place is no name of one whose layers are measured, but one to be loaded.
 * @param {Record<string, string>} flags
 * @returns {Pick<Arguments, 'flags' | 'place'>}
 */
function withPlace({ model, ...flags }) {
  if (model === undefined) return { flags, place: null };
  if (!/^(?:https?:|[./~])/.test(model) && !isFolder(model))
    return { flags: { ...flags, model }, place: null };
  const place = placeOfModel(model);
  if (!/\b(?:model|all)\b/.test(flags['suite'] ?? ''))
    throw new Error(`--model is ${model}, a whole model, which the suite model runs. Add --suite model.`);
  return { flags: { ...flags, checkpoints: `${flags['checkpoints'] ?? 'stories'},${place.url}` }, place };
}

/** @param {string} text */
function rowsOf(text) {
  const rows = Number(text);
  if (Number.isInteger(rows) && rows >= 1 && rows <= 65_536) return rows;
  throw new Error(`--rows is ${text}. It must be a whole number from 1 to 65,536.`);
}

/**
 * @param {string | undefined} name
 * @param {string | undefined} out
 * @returns {Format}
 */
function formatOf(name, out) {
  const found = FORMATS.find((format) => format === (name ?? extname(out ?? '').slice(1)));
  if (found !== undefined) return found;
  if (name === undefined) return 'table';
  throw new Error(`“${name}” is no format. Use ${FORMATS.join(', ')}.`);
}

/**
 * Opens the file, for nothing less tells whether it can be written. What is in it stays.
 * @param {string} path
 */
function mustBeWritable(path) {
  const existed = existsSync(path);
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw new Error(`--out is ${path}, which cannot be written (${messageOf(error)}).`);
  }
  if (!existed) rmSync(realpathSync(path)); // not the link that may lead there
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
