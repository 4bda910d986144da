/** y = x + Σᵣ (silu(n·G[r]ᵀ) ⊙ n·U[r]ᵀ)·D[:, r]ᵀ with n = norm(x). What each rank holds, does and sends follows from this. */

import { columnSplit, evenCut, type Program, programBuilder, rmsNorm, rowSplit } from 'ringside/rank';

const [hidden, inner] = [64, 192];

/** x `[tokens, hidden]` → the same shape. */
export function gated(worldSize: number, tokens: number): Program {
  const b = programBuilder(worldSize, tokens);
  const x = b.input('x', [tokens, hidden]);
  const columns = evenCut('column', inner, worldSize);

  b.stage('norm', 'on every rank');
  const n = rmsNorm(b, { id: 'n', label: 'n' }, x, { name: 'norm', width: hidden, epsilon: 1e-6 });

  b.stage('column split', 'no communication');
  const g = columnSplit(b, 'g', n, { name: 'gate', label: 'G', out: inner, in: hidden }, columns); // [tokens, inner/p]
  const u = columnSplit(b, 'u', n, { name: 'up', label: 'U', out: inner, in: hidden }, columns);

  b.stage('gate', 'local to a rank');
  const h = b.siluMul('h', g, u);

  b.stage('row split', 'partial sums');
  const partial = rowSplit(b, 'partial', h, { name: 'down', label: 'D', out: hidden, in: inner }, columns);

  b.stage('all-reduce and residual');
  return b.finish(b.add('y', x, b.allReduce('sum', partial)));
}
