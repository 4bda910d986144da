/** Operations timed by what they move: few rows on the adapter that there is, each right by the CPU device. */

import { expect, it } from 'vitest';
import type { Traffic } from '../../protocol/traffic.ts';
import { measureTraffic } from './headless.ts';

it('times each operation, and holds its result against the CPU', { timeout: 60_000 }, async () => {
  const all: Traffic[] = [];
  const adapter = await measureTraffic(9, async (one) => void all.push(one));
  expect(adapter).not.toBe('');
  expect(all).toHaveLength(9);
  for (const one of all) {
    expect(one).toMatchObject({ ok: true, error: expect.toSatisfy(Number.isFinite) });
    expect(one.ms).toBeGreaterThan(0);
    expect(one.variant).not.toBe('');
  }
  const [decode] = all.filter(({ name }) => name === 'attention, decode');
  expect(decode?.bytes).toBe(4 * (2048 + 9 * 512 + 9 * 512 + 2048));
});
