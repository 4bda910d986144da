// `npm run soak`: the built page, used for as long as is asked without a reload, and what it and its browser hold.

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { browserArgs, ensureBrowser } from './browser.mjs';
import { slopeOf, verdictOf } from './soak/flat.mjs';
import { countLaunches, launchesOf, PAGES, runLap } from './soak/lap.mjs';
import { takeSample } from './soak/sample.mjs';

/**
 * @typedef {import('./soak/sample.mjs').Sample} Sample
 * @typedef {'heapMiB' | 'nodes' | 'listeners' | 'processMiB'} Series
 */

const usage = `Usage: npm run soak -- [options]

Goes round Split, Layers, Model, Story, Museum, Plan and Benchmark in one page, without a reload, and after each lap takes
a sample: the page's JavaScript heap after a garbage collection, DOM nodes, listeners, workers, and the memory of the
browser's processes.

  --minutes NUMBER  how long (default 30)
  --pages LIST      beside Benchmark only these: ${PAGES.join()} (default all)
  --help            print this

Flat is what, with 95 % confidence, grows by no more in 300 launches than 5 % of its median (nodes and listeners: 2 %);
the slope is Sen's, over the samples after the first third. Workers must be none in every sample, and there must have been
more than 300 launches.
Exit status: 0 where all is flat, 1 where it is not or cannot be told yet, 2 for bad arguments.`;

/**
 * V8 compiles what is used again and again, for as long as it is; each collection drops that, so that the heap is what the
 * page holds. It was two thirds of what grew, and nothing of ours.
 */
const DROP_COMPILED_CODE = '--stress-flush-code --flush-baseline-code';
/** What a page must bear: the growth is told over so many launches. */
const STRETCH = 300;
/** Caches, compiled code and pools fill up first. */
const WARM_UP = 1 / 3;

/** The part of its median by which each may grow over the stretch. @type {Readonly<Record<Series, number>>} */
const ALLOWED = { heapMiB: 0.05, nodes: 0.02, listeners: 0.02, processMiB: 0.05 };

const { minutes, pages } = readOptions();
const samples = await soak();
process.exitCode = judge(samples) ? 0 : 1;

async function soak() {
  const outDir = fileURLToPath(
    new URL(`../node_modules/.cache/ringside/soak-${process.pid}`, import.meta.url),
  );
  const root = fileURLToPath(new URL('..', import.meta.url));
  await build({ root, logLevel: 'warn', build: { outDir } });
  const server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { port: 0 } });
  const args = [...browserArgs, `--js-flags=${DROP_COMPILED_CODE}`];
  const browser = await chromium.launchServer({ executablePath: ensureBrowser(), args });
  try {
    const client = await chromium.connect(browser.wsEndpoint());
    const page = await client.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.addInitScript(countLaunches);
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    return await sampleLaps(page, browser.process().pid);
  } finally {
    await browser.close();
    await server.close();
    await rm(outDir, { recursive: true });
  }
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {number | undefined} pid of the browser
 */
async function sampleLaps(page, pid) {
  const cdp = await page.context().newCDPSession(page);
  const start = performance.now();
  /** @type {Sample[]} */
  const samples = [];
  const isOver = () => performance.now() - start >= minutes * 60_000;
  try {
    for (let lap = 1; !isOver(); lap++) {
      await runLap(page, lap, pages);
      const seconds = (performance.now() - start) / 1000;
      const sample = { launches: await launchesOf(page), seconds, ...(await takeSample(page, cdp, pid)) };
      samples.push(sample);
      console.log(lineOf(sample));
    }
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  return samples;
}

/** @param {Sample} sample */
function lineOf({ launches, seconds, workers, heapMiB, nodes, listeners, processMiB, perType }) {
  const types = Object.entries(perType).map(([type, size]) => `${type} ${size.toFixed(0)}`);
  const process = processMiB === null ? 'n/a' : `${processMiB.toFixed(1)} MiB (${types.join(', ')})`;
  return (
    `${seconds.toFixed(0).padStart(5)} s ${String(launches).padStart(5)} launches ${workers} workers ` +
    `heap ${heapMiB.toFixed(2)} MiB ${nodes} nodes ${listeners} listeners processes ${process}`
  );
}

/**
 * Whether all is flat; says of each series why.
 * @param {readonly Sample[]} samples
 */
function judge(samples) {
  const kept = samples.slice(Math.floor(samples.length * WARM_UP));
  const launches = kept.map((sample) => sample.launches);
  console.log(
    `\n${samples.at(-1)?.launches ?? 0} launches, ${samples.length} samples, ${kept.length} after the warm-up`,
  );
  const verdicts = /** @type {Series[]} */ (Object.keys(ALLOWED)).map((series) => {
    const values = kept.map((sample) => sample[series]).filter((value) => value !== null);
    if (values.length < kept.length) {
      console.log(`${series.padEnd(10)} n/a: this system has no /proc`);
      return true;
    }
    const level = median(values);
    const slope = slopeOf(launches, values);
    const verdict = verdictOf(slope, STRETCH, ALLOWED[series] * level);
    const inStretch = (/** @type {number} */ value) => `${((value * STRETCH * 100) / level).toFixed(1)} %`;
    const growth =
      slope === null
        ? 'too few samples'
        : `${inStretch(slope.value)} in ${STRETCH} launches (${inStretch(slope.low)} to ${inStretch(slope.high)})`;
    console.log(`${series.padEnd(10)} ${verdict}: median ${level.toFixed(2)}, ${growth}`);
    return verdict === 'flat';
  });
  const workers = Math.max(0, ...samples.map((sample) => sample.workers));
  console.log(
    `workers    ${workers === 0 ? 'none were left after any lap' : `up to ${workers} were left after a lap`}`,
  );
  const total = samples.at(-1)?.launches ?? 0;
  const enough = total > STRETCH;
  if (!enough)
    console.log(`launches   too few: ${total}, and more than ${STRETCH} are needed. Take more minutes.`);
  return verdicts.every(Boolean) && workers === 0 && enough && process.exitCode !== 1;
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '30' },
        pages: { type: 'string', default: PAGES.join() },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit();
    }
    const number = Number(values.minutes);
    const asked = values.pages.split(',');
    const pages = PAGES.filter((page) => asked.includes(page));
    const stranger = asked.find((page) => !pages.some((known) => known === page));
    if (stranger !== undefined) throw new Error(`--pages has “${stranger}”; there are ${PAGES.join(', ')}.`);
    if (number > 0 && Number.isFinite(number)) return { minutes: number, pages };
    throw new Error(`--minutes is ${values.minutes}; it must be a number above 0.`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
