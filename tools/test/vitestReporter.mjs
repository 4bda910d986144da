// Vitest's own JSON report leaves out why a test was skipped.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { countVitest } from './counts.mjs';

/** Writes the counts of a run to the file in RINGSIDE_TEST_COUNTS. */
// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter's default export.
export default class {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    const file = process.env['RINGSIDE_TEST_COUNTS'];
    if (file === undefined) throw new Error('RINGSIDE_TEST_COUNTS does not say where the counts go.');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      JSON.stringify(countVitest(modules.flatMap((module) => [...module.children.allTests()]))),
    );
  }
}
