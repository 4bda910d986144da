/** Holds what the page tells of a mixture of experts against config.json. */

import { expect } from 'vitest';
import type { ModelSession } from '../../src/lab/model/session.ts';

/** Taken apart, a token was sent to as many experts as config.json says, by all ranks alike, and nothing else was done. */
export async function expectRouted(session: ModelSession, context: readonly number[]): Promise<void> {
  const { model } = session.folder;
  const mixtures = model.blocks.flatMap(({ count, block: { mlp } }) =>
    mlp.kind === 'moe' ? Array.from({ length: count }, () => mlp) : [],
  );
  if (mixtures.length === 0) return;
  const pass = await session.inspect(context);
  expect(pass.differences, model.name).toEqual([]);
  expect(pass.parts.flatMap(({ mixture }) => mixture ?? [])).toEqual([...mixtures.keys()]);
  expect(pass.mixtures).toHaveLength(mixtures.length);
  for (const [at, { topK, normalize, experts }] of mixtures.entries()) {
    const {
      chosen,
      agreed,
      experts: owned,
    } = pass.mixtures[at] ?? { chosen: [], agreed: false, experts: [] };
    expect(agreed).toBe(true);
    expect(chosen).toHaveLength(topK);
    expect(owned.at(-1)?.end).toBe(experts);
    for (const { expert, rank } of chosen) {
      expect(expert).toBeGreaterThanOrEqual(owned[rank]?.start ?? experts);
      expect(expert).toBeLessThan(owned[rank]?.end ?? 0);
    }
    const sum = chosen.reduce((total, { weight }) => total + weight, 0);
    if (normalize) expect(sum).toBeCloseTo(1, 5);
    else expect(sum).toBeLessThan(0.999);
  }
}
