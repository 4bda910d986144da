// `npm run bench:cpu`: how near the CPU device's kernels come to what a core of this machine can do, in a browser without
// a window. Every result is checked first. Say so in a commit that touches kernels/.

import { messageOf } from './bench/arguments.mjs';
import { openHeadless } from './headless.mjs';
import { readNames } from './names.mjs';

readNames(`Usage: npm run bench:cpu

Prints how fast each kernel of the CPU device is, and how near to what a core can do. It takes no options.

  --help  print this`);

try {
  const { page, close } = await openHeadless({ webgpu: false, headed: false, chromeArgs: [] });
  try {
    const measured = await page.evaluate(
      async (path) => (await import(path)).measure(),
      '/tools/cpu/measure.ts',
    );
    const rows = /** @type {import('./cpu/measure.ts').Row[]} */ (measured);
    const width = Math.max(...rows.map(({ name }) => name.length));
    for (const { name, speed, ratio } of rows)
      console.log(`${name.padEnd(width)}  ${speed.padStart(20)}  ${ratio}`);
  } finally {
    await close();
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
