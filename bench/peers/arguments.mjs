// The command line's own arguments.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export const usage = `Usage: npm run bench:peers -- [options]

Times Ringside's products and sums against what a user could take in their place, by turns in one browser without a window:
onnxruntime-web, TensorFlow.js and jax-js on WebGPU and on one thread of WASM, and outside of it PyTorch, gloo and OpenMPI
where they are. Each result is checked first. Prints one table, with every bar and whether it is met.

  --only LIST        of cpu, webgpu, all_reduce, and of shapes, m x k x n: cpu,64x2048x8192
  --rounds NUMBER    in each of which everybody has a turn (default 31, or as many as take 15 s)
  --turn TIME        that a turn fills, 40ms or 1s (default 10ms, and where a GPU has to be waited for 40ms)
  --out FILE         write a record there that the Benchmark page lays over others
  --picture FILE     draw the rooflines there, as an SVG
  --no-native        leave PyTorch, gloo and OpenMPI out
  --no-bind          leave it to the scheduler which core a rank runs on; else each of a group has one, where Linux lets it
  --browser PATH     the Chrome, Chromium or Edge to use (default CHROME_PATH, or one that is found)
  --headed           show its window; keep it in sight, for a hidden page is throttled
  --chrome-arg=ARG   hand ARG to the browser; may be repeated
  --help             print this

The libraries are those of bench/peers/package.json; npm installs them there on first use.
RINGSIDE_PYTHON names a Python with PyTorch (default /usr/bin/python3). RINGSIDE_GPU=real asks for the machine's GPU.
Exit status: 0, also where a bar is missed; 1 where nothing could be timed, 2 for bad arguments, 130 after Ctrl-C,
which reports what is done.`;

/**
 * @typedef {object} Arguments
 * @property {readonly string[]} only
 * @property {number | null} rounds
 * @property {number | null} turnMs
 * @property {string | null} out
 * @property {string | null} picture
 * @property {boolean} native
 * @property {boolean} bind whether ranks are bound to cores
 * @property {string | null} browser
 * @property {boolean} headed
 * @property {string[]} chromeArgs
 * @property {boolean} help
 */

/**
 * Throws a sentence.
 * @param {readonly string[]} argv
 * @returns {Arguments}
 */
export function readArguments(argv) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    args: [...argv],
    allowNegative: true,
    options: {
      only: text,
      rounds: text,
      turn: text,
      out: text,
      picture: text,
      native: { type: 'boolean', default: true },
      bind: { type: 'boolean', default: true },
      browser: text,
      headed: { type: 'boolean', default: false },
      'chrome-arg': { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const { browser, rounds, turn } = values;
  if (browser !== undefined && !existsSync(browser))
    throw new Error(`--browser is ${browser}, where there is no file.`);
  if (rounds !== undefined && !/^[1-9]\d{0,3}$/.test(rounds))
    throw new Error(`--rounds is “${rounds}”. It must be a whole number from 1 to 9999.`);
  return {
    only: (values.only ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [onlyOf(name.trim())])),
    rounds: rounds === undefined ? null : Number(rounds),
    turnMs: turn === undefined ? null : millisecondsOf(turn),
    out: values.out ?? null,
    picture: values.picture ?? null,
    native: values.native,
    bind: values.bind,
    browser: browser ?? null,
    headed: values.headed,
    chromeArgs: values['chrome-arg'],
    help: values.help,
  };
}

/** @param {string} turn */
function millisecondsOf(turn) {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(ms|s)$/.exec(turn) ?? [];
  if (number !== undefined && Number(number) > 0) return Number(number) * (unit === 's' ? 1000 : 1);
  throw new Error(`--turn is “${turn}”. It must be a time such as 40ms or 1s.`);
}

/** @param {string} name */
function onlyOf(name) {
  if (['cpu', 'webgpu', 'all_reduce'].includes(name) || /^\d+x\d+x\d+$/.test(name)) return name;
  throw new Error(`--only has “${name}”. Use cpu, webgpu, all_reduce, or a shape such as 64x2048x8192.`);
}
