// `npm run chaos`: random faults on groups of ranks, over worker threads of Node and in a browser, each held against
// what must come of it.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { openPage } from './chaos/browser/open.mjs';
import { bundleThread } from './chaos/threads/bundle.mjs';

const usage = `Usage: npm run chaos -- [options]

Strikes groups of ranks with random faults: throws, hangs, early returns, other calls than the others', lost threads,
aborts, wrong messages, refused inputs … Every case must end in time, return no wrong number, blame the right rank and
leave no worker behind.

  --seed NUMBER     of all that is drawn (default 1)
  --threads NUMBER  of cases over worker threads of Node (default 1000)
  --browser NUMBER  of cases in one page of a browser, without a reload (default 300)
  --only CASE       one case again: t17 is number 17 over threads, b17 in the browser
  --help            print this

Exit status: 0, 1 where something was wrong, 2 for bad arguments. The last line counts.`;

/** Cases over threads that run beside each other, for most of them wait for a deadline most of the time. */
const AT_ONCE = 3;
const PROGRESS_MS = 5000;

/** @typedef {import('./chaos/report.ts').Told} Told */

const asked = readOptions();
/** @type {typeof import('./chaos/report.ts')} */
const { Tally } = await load('chaos/report.ts');
const tally = new Tally();
try {
  if (asked.threads.length > 0) await strikeThreads(asked.threads);
  if (asked.browser.length > 0) await strikeBrowser(asked.browser);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
console.log(`${tally}`);
if (!tally.clean) process.exitCode = 1;

/** @param {readonly number[]} numbers */
async function strikeThreads(numbers) {
  /** @type {typeof import('./chaos/threads/run.ts')} */
  const { Threads } = await load('chaos/threads/run.ts');
  const bundle = await bundleThread();
  const threads = new Threads(bundle.path);
  const left = [...numbers];
  const progress = watch('threads', numbers.length);
  const worker = async () => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) {
      tell(`t${number}`, await threads.run(asked.seed, number));
      progress.step();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  progress.stop();
  const alive = await threads.close();
  if (alive > 0)
    tell('t', {
      name: 'all',
      complaints: [{ kind: 'leaked worker', text: `${alive} threads are still there` }],
    });
  await bundle.remove();
}

/** @param {readonly number[]} numbers */
async function strikeBrowser(numbers) {
  const page = await openPage();
  const progress = watch('browser', numbers.length);
  try {
    for (const number of numbers) {
      tell(`b${number}`, await page.run(asked.seed, number));
      progress.step();
    }
  } finally {
    progress.stop();
    await page.close();
  }
}

/**
 * @param {string} id
 * @param {Told} told
 */
function tell(id, { name, complaints }) {
  tally.add(complaints);
  if (complaints.length === 0) return;
  console.log(`\n${name}: npm run chaos -- --seed ${asked.seed} --only ${id}`);
  for (const { kind, text } of complaints) console.log(`  ${kind}: ${text}`);
}

/**
 * Says on stderr how far it is.
 * @param {string} name
 * @param {number} total
 */
function watch(name, total) {
  let done = 0;
  const start = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - start) / 1000);
    console.error(`${name}: ${done} of ${total} after ${seconds} s`);
  }, PROGRESS_MS);
  return { step: () => done++, stop: () => clearInterval(timer) };
}

/**
 * Node alone does not read our TypeScript.
 * @param {string} path from this folder
 * @returns {Promise<any>}
 */
async function load(path) {
  return (await runnerImport(fileURLToPath(new URL(path, import.meta.url)))).module;
}

/** What was asked for; ends the program where that was help, or nothing sensible. */
function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    const { values } = parseArgs({
      options: {
        seed: { ...text, default: '1' },
        threads: { ...text, default: '1000' },
        browser: { ...text, default: '300' },
        only: text,
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit();
    }
    const only = values.only === undefined ? null : /^([tb])(\d+)$/.exec(values.only);
    if (only === null && values.only !== undefined)
      throw new Error(`--only is ${values.only}; it must be t or b and a number, as t17.`);
    const seed = whole('seed', values.seed);
    if (only !== null) {
      const numbers = [Number(only[2])];
      return only[1] === 't'
        ? { seed, threads: numbers, browser: [] }
        : { seed, threads: [], browser: numbers };
    }
    return {
      seed,
      threads: upTo(whole('threads', values.threads)),
      browser: upTo(whole('browser', values.browser)),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function whole(name, text) {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new Error(`--${name} is ${text}; it must be a whole number.`);
}

/** @param {number} count */
function upTo(count) {
  return Array.from({ length: count }, (_, number) => number);
}
