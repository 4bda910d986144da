/** What the page runs of a race, one beside another, each in threads of its own. */

import type { BenchCase } from '../../../src/bench/record.ts';
import type { Prepared } from '../race.ts';

export interface PageRunner {
  /** @param one null of a limit, which has no case */
  prepare(one: BenchCase | null): Promise<Prepared>;
  /** Milliseconds of a run, of so many that are waited for once. */
  iterate(runs: number): Promise<number>;
  release(): Promise<void>;
  close(): void | Promise<void>;
}
