// The two names under which the library is imported, by its users and by our examples.

import { fileURLToPath } from 'node:url';

const file = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Entry → the file in which it is written. tsconfig.json has the same. */
export const entries = { ringside: file('src/index.ts'), 'ringside/rank': file('src/rank/index.ts') };

/** For Vite's `resolve.alias`, so that an example imports what is here, and not what was built. */
export const aliases = Object.entries(entries).map(([name, replacement]) => ({
  find: new RegExp(`^${name}$`),
  replacement,
}));
