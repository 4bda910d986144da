/** Files that somebody hands to the page. */

import type { BenchActions } from '../../../../lab/bench/state.ts';
import { readText } from '../../../components/readText.ts';

/** Larger than any benchmark, and small enough not to stall the page. */
const EXPECTED = { kind: 'a benchmark', most: 64 * 2 ** 20 };

export async function readFiles(
  files: Iterable<File>,
  { importText, setImportProblem }: Pick<BenchActions, 'importText' | 'setImportProblem'>,
): Promise<void> {
  for (const file of files) {
    const found = await readText(file, EXPECTED);
    if (!found.ok) return setImportProblem(found.problem);
    importText(found.text, file.name);
  }
}
