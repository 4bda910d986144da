/** `npm run build:library`: the package's two entries as ES modules, shaders and kernels inside. tsconfig.library.json adds the types. */

import { defineConfig } from 'vite';
import { kernels } from './tools/kernels.mjs';
import { entries } from './tools/library.mjs';

export default defineConfig({
  publicDir: false,
  plugins: [kernels()],
  build: {
    outDir: 'lib',
    target: 'baseline-widely-available',
    minify: false, // a user's bundler does that, and debugs what it can read
    lib: { entry: { index: entries.ringside, rank: entries['ringside/rank'] }, formats: ['es'] },
    rolldownOptions: { external: ['comlink'], output: { chunkFileNames: 'shared.js' } },
  },
});
