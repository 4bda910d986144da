// Shaders as they are shipped: a rank loads all of them, and half of their text says why.

import { readFileSync } from 'node:fs';

/**
 * Takes what only people read out of the shaders of a build: 9 kB of 20, compressed. Where pages are served from the
 * sources they stay as they are, so that a compiler's complaint has the line.
 * @returns {import('vite').Plugin}
 */
export function shaders() {
  return {
    name: 'ringside:shaders',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const [file, query] = id.split('?');
      if (query !== 'raw' || file === undefined || !file.endsWith('.wgsl')) return null;
      return `export default ${JSON.stringify(withoutComments(readFileSync(file, 'utf8')))};`;
    },
  };
}

/**
 * The same to a compiler. WGSL has no text in quotes, in which // could stand for something else.
 * @param {string} wgsl without comments of several lines, which ours has none of
 */
export function withoutComments(wgsl) {
  const lines = wgsl.split('\n').map((line) => line.replace(/\/\/.*/, '').trim());
  return lines.filter((line) => line !== '').join('\n');
}
