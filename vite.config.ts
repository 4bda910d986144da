import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vite';
import { commitDefine } from './tools/commit.mjs';
import { servedHeaders } from './tools/headers.mjs';
import { isolated } from './tools/isolation.mjs';
import { kernels } from './tools/kernels.mjs';
import { aliases } from './tools/library.mjs';
import { licences } from './tools/licences.mjs';
import { shaders } from './tools/shaders.mjs';

const { page: pageLicences, workers: workerLicences } = licences();

export default defineConfig({
  base: './', // the build works under any path of any static host
  appType: 'mpa', // our pages are hashes: an address that is no file is a 404, and not the page once more
  plugins: [react(), kernels(), shaders(), isolated(), coiServiceWorker(), servedHeaders(), pageLicences()],
  define: commitDefine,
  resolve: { alias: aliases },
  worker: { format: 'es', plugins: () => [kernels(), shaders(), workerLicences()] },
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0, // the policy has no room for fonts in data: addresses
    rolldownOptions: { checks: { bundlerTimings: false } }, // Vite's own plugins take long, which is no news to who starts this
  },
});

/**
 * Puts coi-serviceworker beside the page, for hosts that cannot send the isolation headers. It stays a file of its own
 * and at the root, since a service worker governs only what lies below its own address.
 */
function coiServiceWorker(): Plugin {
  const fileName = 'coi-serviceworker.min.js';
  const originalFileName = createRequire(import.meta.url).resolve(`coi-serviceworker/${fileName}`);
  const source = readFileSync(originalFileName, 'utf8');
  return {
    name: 'ringside:coi-serviceworker',
    configureServer({ middlewares }) {
      middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(source);
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, originalFileName, source });
    },
  };
}
