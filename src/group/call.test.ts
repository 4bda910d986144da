import { expect, it } from 'vitest';
import { abortError, abortGroup } from './abort.ts';
import { addressOf, type Call, enterCall, readCall } from './call.ts';
import { allocateGroup, attachGroup } from './memory.ts';

const broadcast = (seq: number, root: number, length: number): Call => ({
  seq,
  kind: 'broadcast',
  algorithm: 'ring',
  op: null,
  length,
  root,
  chunksHash: length,
});

it('the call before the last can still be read, with where its data lay', () => {
  const group = attachGroup(allocateGroup(2));
  expect(readCall(group, 1)).toBeNull();
  const calls = [broadcast(0, 0, 5), broadcast(1, 1, 6), broadcast(2, 0, 7)];
  for (const [i, call] of calls.entries()) {
    enterCall(group, 1, call, 1000 + i);
    expect(readCall(group, 1)).toEqual(call);
    if (i === 0) continue;
    expect(readCall(group, 1, i - 1)).toEqual(calls[i - 1]);
    expect(addressOf(group, 1, i - 1)).toBe(999 + i);
    expect(addressOf(group, 1, i)).toBe(1000 + i);
  }
});

it('a mismatch names the calls that differ, though one of the ranks has entered another since', () => {
  const group = attachGroup(allocateGroup(4));
  enterCall(group, 0, broadcast(0, 0, 100_000), 0);
  enterCall(group, 3, broadcast(0, 1, 4), 0);
  enterCall(group, 3, broadcast(1, 2, 9), 0);
  abortGroup(group, { kind: 'mismatch', rank: 0, other: 3 });
  expect(abortError(group, 1000).message).toMatch(
    /rank 0 called broadcast #0 \(100000 floats, from rank 0\), but rank 3 called broadcast #0 \(4 floats, from rank 1\)/,
  );
});
