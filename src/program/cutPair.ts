/**
 * Two products with any cut of either: Y = (X·A)·B. What lies where it is needed goes on; what does not costs a
 * collective. The page lets a learner choose the cuts, and the ranks run what was chosen.
 */

import { evenCut } from './cuts.ts';
import { columnSplit, type LinearWeights, ownColumns, rowSplit } from './linear.ts';
import { programBuilder } from './ProgramBuilder.ts';
import type { Program, Value } from './program.ts';

export type PairCut = 'columns' | 'rows';

export interface CutPairConfig {
  readonly worldSize: number;
  /** Rows of X. */
  readonly m: number;
  /** Columns of X and of Y. */
  readonly k: number;
  /** Columns of H = X·A. */
  readonly n: number;
  /** How A and B are cut, as they stand in X·A and H·B. */
  readonly first: PairCut;
  readonly second: PairCut;
}

/** X `[M, K]`, whole → Y `[M, K]`, whole on every rank, whatever the cuts. */
export function cutPairProgram({ worldSize, m, k, n, first, second }: CutPairConfig): Program {
  const b = programBuilder(worldSize, m);
  const weights = (name: string, out: number, width: number): LinearWeights => ({
    name,
    label: name,
    out,
    in: width,
  });
  const product = (cut: PairCut, x: Value, w: LinearWeights, id: string): Value => {
    if (cut === 'columns') {
      b.stage(`${w.label} by columns`);
      return columnSplit(b, id, whole(x, `whole ${x.id}`), w, evenCut('column', w.out, worldSize)); // [M, out/p]
    }
    const by = evenCut('column', w.in, worldSize);
    const own = x.placement.kind === 'sharded' ? x : ownColumns(b, x, by);
    b.stage(`${w.label} by rows`);
    return b.allReduce(id, rowSplit(b, `partial ${id}`, own, w, by)); // [M, out], summed
  };
  /** Of columns that lie on the ranks, all on each. */
  const whole = (x: Value, id: string): Value => {
    if (x.placement.kind !== 'sharded') return x;
    b.stage('all-gather');
    return b.allGather({ id, label: x.label }, x);
  };
  const h = product(first, b.input('X', [m, k]), weights('A', n, k), 'H');
  return b.finish(whole(product(second, h, weights('B', k, n), 'Y'), 'whole Y'));
}
