/** Files that somebody hands to the page. */

import { messageOf } from '../../../../base/errors.ts';
import type { BenchActions } from '../../../../lab/bench/state.ts';

/** Larger than any benchmark, and small enough not to stall the page. */
const MAX_BYTES = 64 * 2 ** 20;

export async function readFiles(
  files: Iterable<File>,
  { importText, setImportProblem }: Pick<BenchActions, 'importText' | 'setImportProblem'>,
): Promise<void> {
  for (const file of files) {
    if (file.size > MAX_BYTES) {
      setImportProblem(`${file.name} has ${Math.round(file.size / 2 ** 20)} MiB; a benchmark has a few.`);
      return;
    }
    try {
      importText(await file.text(), file.name);
    } catch (thrown) {
      setImportProblem(`${file.name} cannot be read: ${messageOf(thrown)}`);
    }
  }
}
