// `npm run bench`: runs the page's benchmark in a browser without a window and prints what it found.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { messageOf, readArguments, usage } from './bench/arguments.mjs';
import { openPage } from './bench/page.mjs';
import { createProgress } from './bench/progress.mjs';
import { printTraffic } from './bench/traffic.mjs';
import { printTuned } from './bench/tune.mjs';
import { INTERRUPTED, watchInterrupts } from './interrupts.mjs';
import { serveFolder } from './serveFolder.mjs';

/**
 * @typedef {import('../src/bench/record.ts').BenchEnvironment} BenchEnvironment
 * @typedef {import('../src/bench/record.ts').BenchRecord} BenchRecord
 * @typedef {import('../src/bench/record.ts').BenchResult} BenchResult
 * @typedef {import('../src/bench/options.ts').BenchOptions} BenchOptions
 */

/** @type {{ module: typeof import('./bench/data.mjs') }} */
const { module: data } = await runnerImport(fileURLToPath(new URL('bench/data.mjs', import.meta.url)));

const { options, place, ...asked } = readOptions();
if (asked.browser !== null) process.env['CHROME_PATH'] = asked.browser;
try {
  if (asked.traffic !== null) {
    process.exitCode = (await printTraffic(asked.traffic, asked)) ? 0 : 1;
  } else if (asked.tune) {
    const shapes = asked.flags['shapes'] === undefined ? data.usualShapes : options.shapes;
    await printTuned({ shapes, exhaustive: asked.exhaustive }, asked);
  } else {
    const { record, status } = await measure(options);
    process.exitCode = print(record) ? status : 1;
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

/** What was asked for; ends the program where that was help, or nothing sensible. */
function readOptions() {
  try {
    const read = readArguments(process.argv.slice(2), data.FLAGS);
    const options = data.parseOptions(read.flags);
    if (!read.help) return { ...read, options };
    console.log(usage); // only now: what is wrong beside it is said too
    return process.exit();
  } catch (error) {
    console.error(`${messageOf(error)}\nTry npm run bench -- --help.`);
    process.exit(2);
  }
}

/**
 * Runs the benchmark to its end, to Ctrl-C, or until the browser fails: what is done by then is a record.
 * @param {BenchOptions} options
 * @returns {Promise<{ record: BenchRecord, status: number }>}
 */
async function measure(options) {
  const progress = createProgress(data.shapeText);
  /** @type {BenchResult[]} */
  const results = [];
  /** @type {BenchEnvironment[]} */
  const environments = [];
  const interruption = watchInterrupts();
  const served = place !== null &&
    place.folder !== null && { path: place.url, handler: serveFolder(place.folder) };
  const webgpu = options.devices.includes('webgpu');
  const page = await openPage({ ...asked, webgpu, ...(served && { also: served }) });
  let status = 0;
  try {
    const ended = await page.run(options, {
      signal: interruption.signal,
      onProgress: progress.show,
      onResult: (result) => results.push(result),
      onEnvironment: (told) => environments.push(told),
    });
    if (!ended) status = INTERRUPTED;
    else if (!results.every(({ ok }) => ok)) status = 1;
  } catch (error) {
    if (results.length === 0) throw error;
    progress.end();
    console.error(messageOf(error));
    status = 1;
  } finally {
    progress.end();
    interruption.stop();
    await page.close();
  }
  const environment = environments.at(-1);
  if (environment === undefined) throw new Error('The page stopped before it began.');
  return { record: { schema: data.SCHEMA, environment, results: data.inOrder(results, options) }, status };
}

/**
 * False where the file could not be written: then what it was to hold is printed, for it took minutes to measure.
 * @param {BenchRecord} record
 */
function print(record) {
  const { toTable, toJson, toCsv, toMarkdown } = data;
  const text = { table: toTable, json: toJson, csv: toCsv, md: toMarkdown }[asked.format](record);
  try {
    if (asked.out !== null) writeFileSync(asked.out, text);
  } catch (error) {
    console.error(
      `--out is ${asked.out}, which could not be written (${messageOf(error)}). Here is its text.`,
    );
    process.stdout.write(text);
    return false;
  }
  process.stdout.write(asked.out === null ? text : toTable(record));
  return true;
}
