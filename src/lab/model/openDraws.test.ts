import { expect, it } from 'vitest';
import type { Spent } from '../../protocol.ts';
import { GREEDY } from '../../sampling/sampling.ts';
import { differingFor } from './openDraws.ts';

const sum = { kind: 'all_reduce', bytes: 8, readBytes: 4 };
const largest = { kind: 'all_gather', bytes: 28, readBytes: 14 };
const whole = { kind: 'all_gather', bytes: 4096, readBytes: 2048 };
const session = { tokenPlan: () => [[sum, whole]] };

const spent = (...calls: readonly (typeof sum)[]): Spent =>
  ({ collectives: calls, readBytes: calls.reduce((total, call) => total + call.readBytes, 0) }) as never;

it('takes all logits behind the largest where these may leave a draw open, and nothing else', () => {
  const open = differingFor(session, { ...GREEDY, temperature: 0.8, topP: 0.95 }, 64);
  const never = differingFor(session, { ...GREEDY, temperature: 0.8, topK: 40, topP: 0.95 }, 40);
  const planned = [sum, largest];
  for (const differing of [open, never]) {
    expect(differing(0, planned, spent(sum, largest))).toBeNull();
    expect(differing(0, planned, spent(sum, whole))).toContain('planned all_reduce 8,all_gather 28; made');
    expect(differing(0, planned, spent(sum, largest, whole, whole))).toContain('made');
  }
  expect(open(0, planned, spent(sum, largest, whole))).toBeNull();
  expect(never(0, planned, spent(sum, largest, whole))).toContain('made');
  expect(open(0, planned, spent(sum, largest, { ...whole, readBytes: 9 }))).not.toBeNull();
});
