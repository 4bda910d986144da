/** Files that somebody hands to the page. */

import type { BenchActions } from '#lab/bench/state.ts';
import { problemWithSize } from '#ui/components/readText.ts';

/** Larger than any benchmark: a run of 240 cells with 2,000 samples each has 9 MB. */
export const EXPECTED = { kind: 'a benchmark', most: 64 * 2 ** 20 };

/** One after another, up to the first that cannot be read, or is stopped. */
export async function readFiles(
  files: Iterable<File>,
  { importFrom, setImportProblem }: Pick<BenchActions, 'importFrom' | 'setImportProblem'>,
): Promise<void> {
  for (const file of files) {
    const problem = problemWithSize(file, EXPECTED);
    if (problem !== null) return setImportProblem(problem);
    if (!(await importFrom(file, file.name))) return;
  }
}
