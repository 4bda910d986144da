// `npm run generate`: has a language model go on with a text, on ranks in a browser without a window.

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { readArguments, usage } from './generate/arguments.mjs';
import { figuresText, loadingLine } from './generate/report.mjs';
import { openHeadless } from './headless.mjs';
import { INTERRUPTED, watchInterrupts } from './interrupts.mjs';
import { serveFolder } from './serveFolder.mjs';

/**
 * @typedef {import('../src/lab/model/headless.ts').HeadlessResult} HeadlessResult
 * @typedef {import('../src/protocol.ts').ModelLoading} ModelLoading
 */

/** @type {{ module: typeof import('./generate/data.mjs') }} */
const { module: data } = await runnerImport(fileURLToPath(new URL('generate/data.mjs', import.meta.url)));

const { options, folder, ...asked } = argumentsOrEnd();
if (asked.browser !== null) process.env['CHROME_PATH'] = asked.browser;
const interruption = watchInterrupts();
try {
  process.exitCode = await generate();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  interruption.stop();
}

/** What was asked for; ends the program where that was help, or nothing sensible. */
function argumentsOrEnd() {
  try {
    const read = readArguments(process.argv.slice(2), data);
    if (!read.help) return read;
    console.log(usage); // only now: what is wrong beside it is said too
    return process.exit();
  } catch (error) {
    console.error(`${messageOf(error)}\nTry npm run generate -- --help.`);
    process.exit(2);
  }
}

async function generate() {
  const { page, close } = await openHeadless({
    ...asked,
    webgpu: options.device !== 'cpu',
    ...(folder !== null && { also: { path: options.url, handler: serveFolder(folder) } }),
  });
  const { signal } = interruption;
  /** @type {readonly ModelLoading[]} */
  let loaded = [];
  try {
    await page.exposeFunction(
      'ringsideText',
      (/** @type {string} */ text) => void process.stdout.write(text),
    );
    await page.exposeFunction('ringsideWarning', (/** @type {string} */ text) => console.error(text));
    await page.exposeFunction('ringsideLoading', (/** @type {readonly ModelLoading[]} */ ranks) => {
      loaded = ranks;
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${loadingLine(ranks)}`);
    });
    const headless = await page.evaluateHandle((path) => import(path), '/src/lab/model/headless.ts');
    const stop = () => void headless.evaluate(({ stop }) => stop()).catch(() => {}); // the browser may be gone
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    /** @type {HeadlessResult} */
    const result = await headless.evaluate(({ run }, options) => {
      const { ringsideText, ringsideWarning, ringsideLoading } = /** @type {any} */ (window);
      return run(options, { text: ringsideText, warning: ringsideWarning, loading: ringsideLoading });
    }, options);
    process.stdout.write('\n');
    process.stderr.write(figuresText(loaded, result));
    return signal.aborted ? INTERRUPTED : 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    await close();
  }
}

/** Of an error of the page the sentence, without where it was thrown. @param {unknown} error */
function messageOf(error) {
  const message = error instanceof Error ? error.message : String(error);
  return (
    message
      .replace(/^page\.evaluate\w*: |^jsHandle\.evaluate: /, '')
      .replace(/^(?:LabError|Error): /, '')
      .split('\n    at ')[0] ?? ''
  );
}
