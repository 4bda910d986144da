// The page in a browser without a window, as main.ts drives it.

import { fileURLToPath } from 'node:url';
import { openHeadless } from '../../tools/headless.mjs';
import { workerBinder } from './cores.mjs';

/** Of TensorFlow.js, whose modules have parts for Node among them, and must be made into one. */
const packages = ['core', 'backend-wasm', 'backend-webgpu'].map((name) => `@tensorflow/tfjs-${name}`);
const folder = fileURLToPath(new URL('.', import.meta.url));

/** @typedef {Awaited<ReturnType<typeof openPage>>} PeersPage */

/** @param {Pick<import('./arguments.mjs').Arguments, 'headed' | 'chromeArgs' | 'bind'>} asked */
export async function openPage({ headed, chromeArgs, bind }) {
  const { page, close } = await openHeadless({
    webgpu: true,
    headed,
    chromeArgs,
    project: { folder, packages },
  });
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(message.text());
  });
  const handle = await page.evaluateHandle((path) => import(path), '/page/page.ts');
  const module = /** @type {import('@playwright/test').JSHandle<typeof import('./page/page.ts')>} */ (
    /** @type {unknown} */ (handle)
  );
  const browser = page.context().browser();
  const bindWorkers = bind && browser !== null ? await workerBinder(browser) : null;
  return {
    /** Whether each rank has a core. */
    bound: bindWorkers !== null,
    /** @type {import('./entrants.ts').PageCalls['prepare']} */
    async prepare(...given) {
      const prepared = await module.evaluate((page, args) => page.prepare(...args), given);
      bindWorkers?.();
      return prepared;
    },
    /** @type {import('./entrants.ts').PageCalls['iterate']} */
    iterate: (...given) => module.evaluate((page, args) => page.iterate(...args), given),
    release: (/** @type {string} */ name) => module.evaluate((page, name) => page.release(name), name),
    surroundings: () => module.evaluate((page) => page.surroundings()),
    closeAll: () => module.evaluate((page) => page.closeAll()),
    close,
  };
}
