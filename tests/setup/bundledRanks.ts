/**
 * Serves each rank program to the browser's tests as one file, as a built page has it. Otherwise every worker fetches
 * some sixty modules by itself, and the tests, which start hundreds of workers, would mostly load.
 */

import { build, type Plugin, type Rolldown } from 'vite';
import { kernels } from '../../tools/kernels.mjs';

export function bundledRanks(): Plugin {
  return {
    name: 'ringside:bundled-ranks',
    enforce: 'pre',
    async load(id) {
      const [entry = id, query] = id.split('?');
      if (!new URLSearchParams(query).has('worker_file')) return null;
      const { code, moduleIds } = await bundled(entry);
      for (const module of moduleIds) this.addWatchFile(module);
      return code;
    },
  };
}

async function bundled(entry: string): Promise<Rolldown.OutputChunk> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [kernels()],
    build: { write: false, minify: false, modulePreload: false, lib: { entry, formats: ['es'] } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error(`${entry} gave no bundle.`);
  return output.output[0];
}
