// `npm test`: every check there is, in order, and a last line that counts the tests.

import { parseArgs } from 'node:util';
import { faultOf, inWords, nothing, reasonsOf } from './test/counts.mjs';
import { stages } from './test/stages.mjs';

/**
 * @typedef {import('./test/stages.mjs').Stage} Stage
 * @typedef {import('./test/counts.mjs').Count} Count
 * @typedef {{ stage: Stage, count: Count, seconds: number, output: string[] | null }} Done
 */

const ids = stages.map(({ id }) => id);
const usage = `npm test -- [--only ${ids.join(',')}] [--bail]
  --only   these stages, and what they need
  --bail   end at the first stage that fails`;

const ci = process.env['CI'] === 'true';
const { only, bail } = readArguments();
const chosen = stages.filter(({ id }) => only.has(id));
/** @type {Done[]} */
const done = [];

for (const stage of chosen) {
  if (done.some((one) => one.stage === stage)) continue;
  if (bail && done.some(({ count }) => count.failed.length > 0)) break;
  const companions = runInTurn(chosen.filter(({ beside }) => beside === stage.id));
  console.log(`\n=== ${stage.title}`);
  conclude(await attempt(stage, null));
  for (const one of await companions) {
    console.log(`\n=== ${one.stage.title}, beside ${stage.title}`);
    process.stdout.write(one.output?.join('') ?? '');
    conclude(one);
  }
}

summarize();

/** @returns {{ only: Set<string>, bail: boolean }} */
function readArguments() {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, bail: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const asked = values.only?.split(',') ?? ids;
    const unknown = asked.find((id) => !ids.includes(id));
    if (unknown !== undefined) throw new Error(`“${unknown}” is no stage. Use ${ids.join(', ')}.`);
    const needed = stages.filter(({ id }) => asked.includes(id)).flatMap(({ needs }) => needs);
    return { only: new Set([...asked, ...needed]), bail: values.bail ?? false };
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return process.exit(2);
  }
}

/**
 * One after another, each with its output kept until its turn to be read comes.
 * @param {readonly Stage[]} companions
 * @returns {Promise<Done[]>}
 */
async function runInTurn(companions) {
  /** @type {Done[]} */
  const ended = [];
  for (const stage of companions) ended.push(await attempt(stage, []));
  return ended;
}

/**
 * @param {Stage} stage
 * @param {string[] | null} output
 * @returns {Promise<Done>}
 */
async function attempt(stage, output) {
  const start = performance.now();
  const say = (/** @type {string} */ text) =>
    output === null ? console.error(text) : void output.push(`${text}\n`);
  const end = (/** @type {Count} */ count) => ({
    stage,
    count,
    seconds: (performance.now() - start) / 1000,
    output,
  });
  try {
    const missing = done.find((one) => stage.needs.includes(one.stage.id) && one.count.failed.length > 0);
    if (missing !== undefined) throw new Error(`Not run, because “${missing.stage.title}” failed.`);
    return end(judge(await stage.run(output), say));
  } catch (error) {
    say(messageOf(error));
    return end({ ...nothing(), failed: [messageOf(error)] });
  }
}

/**
 * Counts as failed what must not be skipped here.
 * @param {Count} count
 * @param {(text: string) => void} say
 * @returns {Count}
 */
function judge({ passed, retried, failed, skipped }, say) {
  const faults = skipped.flatMap((skip) => faultOf(skip, ci) ?? []);
  for (const fault of faults) say(fault);
  return {
    passed,
    retried,
    failed: [...failed, ...faults],
    skipped: skipped.filter((skip) => faultOf(skip, ci) === null),
  };
}

/** @param {Done} one */
function conclude(one) {
  done.push(one);
  console.log(
    `=== ${one.stage.title}: ${one.count.failed.length === 0 ? 'ok' : 'FAILED'} in ${one.seconds.toFixed(1)} s`,
  );
}

function summarize() {
  console.log('');
  for (const { stage, count, seconds, output } of done) {
    const outcome = count.failed.length === 0 ? 'ok' : 'FAILED';
    const tests = count.passed + count.skipped.length === 0 ? '' : `${inWords(count)}`;
    const note = [tests, output === null ? '' : `beside ${stage.beside}`].filter(Boolean).join(', ');
    console.log(
      `${stage.title.padEnd(16)} ${outcome.padEnd(6)} ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd(),
    );
  }
  const total = nothing();
  for (const { count } of done) {
    total.passed += count.passed;
    total.retried.push(...count.retried);
    total.failed.push(...count.failed);
    total.skipped.push(...count.skipped);
  }
  if (total.skipped.length > 0) console.log('\nSkipped here:');
  for (const reason of reasonsOf(total.skipped)) console.log(`  ${reason}`);
  list('Passed at the second try', 'retried');
  list('Failed', 'failed');
  console.log(`\ntests: ${inWords(total)}`);
  process.exitCode = total.failed.length > 0 ? 1 : 0;
}

/**
 * @param {string} title
 * @param {'retried' | 'failed'} which
 */
function list(title, which) {
  const lines = done.flatMap(({ stage, count }) => count[which].map((name) => `  ${stage.title}: ${name}`));
  if (lines.length > 0) console.log(`\n${title}:\n${lines.join('\n')}`);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
