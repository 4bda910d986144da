/** Holds a run of a layer on all ranks against the golden output. */

import { expect } from 'vitest';
import { worstDifference } from '../../src/device/testing/underTest.ts';
import type { RankGroup } from '../../src/index.ts';
import type { Pass } from '../../src/program/configs.ts';
import { isSequenceParallel, type LayerSpec } from '../../src/program/layers.ts';
import { stepsOf } from '../../src/program/plan.ts';
import { planLayer } from '../../src/program/planOf.ts';
import type { GoldenCase } from './golden.ts';
import type { LayersProgram, PassResult } from './layers.rank.ts';

/** On data of unit scale. */
const TOLERANCE = 1e-5;

/** Nothing is added up across ranks but zeros: each element has the bits that a rank by itself gives it. */
const UNSUMMED: ReadonlySet<string> = new Set(['embedding', 'head', 'rms-norm', 'layer-norm']);

/** The output, its bits on each rank, the collectives, the gate's choices, and that no tensor is left behind. */
export async function compare(group: RankGroup<LayersProgram>, golden: GoldenCase): Promise<void> {
  const { name, passes } = golden;
  const results = await group.all((rank) => rank.run(golden));
  const isRepeated = new Set(passes).size < passes.length; // then the layer keeps what its passes write to
  for (const { afterPasses, afterFree } of results) {
    if (!isRepeated) expect(afterPasses, `${name}: tensors left by passes`).toBe(0);
    expect(afterFree, `${name}: tensors left`).toBe(0);
  }
  let past = 0;
  for (const [i, tokens] of passes.entries()) {
    const byRank = results.map((result) => result.passes[i] as PassResult);
    const label = `${name}, pass ${i}`;
    const y = whole(golden, byRank, label);
    const expected = rowsOf(golden, past, tokens);
    const worst = worstDifference(withoutPadding(golden, y, tokens), expected);
    expect(worst / golden.scale, label).toBeLessThanOrEqual(TOLERANCE);
    const planned = callsOf(golden, group.worldSize, { tokens, past });
    for (const { calls } of byRank) expect(calls, label).toEqual(planned);
    if (golden.routing !== null) {
      for (const { routing } of byRank) expect(routing, label).toEqual(golden.routing);
    }
    past += tokens;
  }
  if (UNSUMMED.has(golden.spec.layer)) {
    const [alone = []] = await group.all(async (rank, index) => (index === 0 ? rank.alone(golden) : []));
    for (const [i, y] of alone.entries()) {
      const tokens = passes[i] ?? 0;
      const here = results[0]?.passes[i]?.y ?? new Float32Array(0);
      expect(withoutPadding(golden, here, tokens), name).toEqual(withoutPadding(golden, y, tokens));
    }
  }
}

/** The output of a pass: the same bits on all ranks, or with sequence parallelism the rows of one rank after another. */
function whole({ spec }: GoldenCase, byRank: readonly PassResult[], label: string): Float32Array {
  if (hasPlan(spec) && isSequenceParallel(spec)) {
    return Float32Array.from(byRank.flatMap(({ y }) => [...y]));
  }
  const [first = new Float32Array(0)] = byRank.map(({ y }) => y);
  for (const { y } of byRank) expect(y, `${label}: the ranks differ`).toEqual(first);
  return first;
}

/** The golden output of `tokens` tokens from `past` on. */
function rowsOf({ y, passes }: GoldenCase, past: number, tokens: number): Float32Array {
  const width = y.length / passes.reduce((sum, count) => sum + count, 0);
  return y.subarray(past * width, (past + tokens) * width);
}

/** Logits without those of padded ids, which must be −∞. */
function withoutPadding({ spec }: GoldenCase, y: Float32Array, tokens: number): Float32Array {
  if (spec.layer !== 'head') return y;
  const padded = y.length / tokens;
  const { vocab } = spec.config;
  expect(y.filter((_, i) => i % padded >= vocab).every((logit) => logit === Number.NEGATIVE_INFINITY)).toBe(
    true,
  );
  return y.filter((_, i) => i % padded < vocab);
}

/** The collectives that the layer's plan foresees. */
function callsOf({ spec }: GoldenCase, worldSize: number, pass: Pass): PassResult['calls'] {
  if (!hasPlan(spec)) return [];
  return stepsOf(planLayer(spec, worldSize, pass)).flatMap((step) =>
    step.kind === 'collective' ? [{ kind: step.collective, length: step.length }] : [],
  );
}

function hasPlan(spec: GoldenCase['spec']): spec is LayerSpec {
  return spec.layer !== 'rms-norm' && spec.layer !== 'layer-norm';
}
