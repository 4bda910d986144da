// `npm run bench:peers`: ours against others, in one run. See main.ts.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { INTERRUPTED, watchInterrupts } from '../../tools/interrupts.mjs';
import { readArguments, usage } from './arguments.mjs';
import { openPage } from './browser.mjs';

const asked = read();
try {
  install();
  if (asked.browser !== null) process.env['CHROME_PATH'] = asked.browser;
  /** @type {{ module: typeof import('./main.ts') }} */
  const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)));
  const page = await openPage(asked);
  const interruption = watchInterrupts();
  try {
    process.exitCode = (await module.main(asked, page, interruption.signal)) ? 0 : 1;
    if (interruption.signal.aborted) process.exitCode = INTERRUPTED;
  } finally {
    interruption.stop();
    await page.close();
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

/** What was asked for; ends the program where that was help, or nothing sensible. */
function read() {
  try {
    const read = readArguments(process.argv.slice(2));
    if (!read.help) return read;
    console.log(usage);
    return process.exit();
  } catch (error) {
    console.error(`${messageOf(error)}\nTry npm run bench:peers -- --help.`);
    process.exit(2);
  }
}

/** The libraries, which nothing else needs. */
function install() {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(new URL('node_modules/.package-lock.json', import.meta.url))) return;
  console.error('Installing onnxruntime-web, TensorFlow.js and jax-js in bench/peers (230 MB), once …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // None of them has to run a script to be installed.
  const { status } = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0)
    throw new Error(
      'The libraries could not be installed. Is there a network? Then try `npm ci` in bench/peers.',
    );
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
