// A page without a face for a command line: our sources behind Vite's development server, in a browser that is found.

import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { browserArgs, ensureBrowser, realGpuArgs, wantsRealGpu } from './browser.mjs';
import { isolationHeaders } from './isolation.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const PATH = '/headless';
/** The script has what vite.config.ts defines; a page that Vite transforms gets it by itself. */
const BLANK = '<!doctype html><title>Ringside</title><script type="module" src="/@vite/env"></script>';

/**
 * @typedef {import('@playwright/test').Page} Page
 * @typedef {import('vite').Connect.NextHandleFunction} Handler
 */

/**
 * @typedef {object} PageOptions
 * @property {boolean} webgpu whether a GPU is wanted
 * @property {boolean} headed
 * @property {readonly string[]} chromeArgs
 * @property {{ path: string, handler: Handler }} [also] what else is served
 * @property {{ folder: string, packages: string[] }} [project] a folder of ours whose own packages the page imports, at
 *   whose root the page then is
 */

/** @param {PageOptions} options */
export async function openHeadless(options) {
  const server = await serve(options);
  try {
    const { page, browser } = await browse(addressOf(server), options);
    return {
      page,
      async close() {
        await browser.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * Watches nothing and discovers nothing, so that no change and no late dependency reloads the page under a run.
 * @param {PageOptions} options
 */
async function serve({ also, project = { folder: root, packages: [] } }) {
  const server = await createServer({
    root: project.folder,
    configFile: `${root}vite.config.ts`,
    cacheDir: `${project.folder}node_modules/.cache/ringside/headless`,
    logLevel: 'error',
    appType: 'custom',
    plugins: [
      {
        name: 'ringside:headless',
        configureServer({ middlewares }) {
          middlewares.use(PATH, empty);
          if (also !== undefined) middlewares.use(also.path, also.handler);
        },
      },
    ],
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, fs: { allow: [root] } },
    optimizeDeps: {
      noDiscovery: true,
      include: ['comlink', '@huggingface/jinja', '@huggingface/tokenizers', ...project.packages],
    },
  });
  return server.listen();
}

/**
 * @param {unknown} _request
 * @param {import('node:http').ServerResponse} response
 */
function empty(_request, response) {
  for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
  response.setHeader('Content-Type', 'text/html').end(BLANK);
}

/** @param {import('vite').ViteDevServer} server */
function addressOf({ httpServer }) {
  const address = httpServer?.address();
  if (address === null || typeof address !== 'object') throw new Error('The development server has no port.');
  return `http://127.0.0.1:${address.port}${PATH}`;
}

/**
 * With the machine's GPU where the browser offers it, else with its software adapter, unless RINGSIDE_GPU=real insists.
 * @param {string} url
 * @param {PageOptions} options
 */
async function browse(url, options) {
  if (!options.webgpu) return launch(url, browserArgs, options);
  const first = await launch(url, realGpuArgs, options);
  const { name, software } = await adapterOf(first.page);
  if (wantsRealGpu && software) {
    await first.browser.close();
    throw new Error(
      `RINGSIDE_GPU=real asks for this machine's GPU, and the browser offers ${name}. Install the GPU's Vulkan driver, ` +
        'try --headed, or leave RINGSIDE_GPU out.',
    );
  }
  if (name !== 'no adapter') return first;
  await first.browser.close();
  return launch(url, browserArgs, options);
}

/**
 * @param {string} url
 * @param {readonly string[]} args
 * @param {PageOptions} options
 */
async function launch(url, args, { headed, chromeArgs }) {
  const browser = await chromium.launch({
    executablePath: ensureBrowser(),
    headless: !headed,
    args: [...args, ...chromeArgs],
    // A first Ctrl-C lets the run end in order.
    handleSIGINT: false,
  });
  const page = await browser.newPage();
  await page.goto(url);
  return { page, browser };
}

/** @param {Page} page */
async function adapterOf(page) {
  const adapter = await page.evaluateHandle(
    (path) => import(path),
    `/@fs${root}src/device/webgpu/adapter.ts`,
  );
  return adapter.evaluate(({ nameAdapter }) => nameAdapter());
}
