/** Every way in which a collective can fail to end, and that it ends. */

import { spawn } from 'node:child_process';
import { execPath as nodePath } from 'node:process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { now } from '../base/trace.ts';
import { abortGroup } from '../group/abort.ts';
import { readCall } from '../group/call.ts';
import { allocateGroup, attachGroup, CONTROL, type GroupMemory, MAILBOX } from '../group/memory.ts';
import { forgetRefusals, hasRefused, markRefused } from '../group/refusal.ts';
import { closeThreads, runRanks } from './testing/runRanks.ts';
import type { Report } from './testing/work.ts';

// A thread that is still starting would be the one that did not arrive.
beforeAll(async () => {
  await runRanks(5, 'allReduce');
});
afterAll(closeThreads);

describe.each([2, 3, 4, 5])('%i ranks', (n) => {
  it('abort ends an all-reduce within 100 ms on every rank', async () => {
    for (const script of ['endless', 'stuck'] as const) {
      let abortedMs = Number.POSITIVE_INFINITY;
      const reports = await runRanks(
        n,
        script,
        { length: 300_000 },
        {
          meanwhile: async (group) => {
            const others = Array.from({ length: n - 1 }, (_, i) => i + 1);
            await vi.waitUntil(() => others.every((rank) => readCall(group, rank) !== null), 5000);
            abortedMs = now();
            abortGroup(group, { kind: 'closed' });
          },
        },
      );
      for (const report of reports) {
        if (script === 'stuck' && report.rank === 0) continue;
        expect(report.error?.code).toBe('closed');
        expect(report.endMs - abortedMs).toBeLessThan(100);
      }
    }
  });

  it('names the rank that never arrives, the collective and its number', async () => {
    const missing = n - 1;
    const reports = await runRanks(n, 'missing', { root: missing }, { timeoutMs: 400 });
    for (const { rank, error } of reports) {
      if (rank === missing) continue;
      expect(error?.code).toBe('deadline');
      expect(error?.rank).toBe(missing);
      expect(error?.message).toMatch(
        new RegExp(`^Rank ${missing} did not arrive: rank \\d waited 400 ms for it in all_reduce #1`),
      );
      expect(error?.message).toContain('its last call was barrier #0');
    }
  });

  it.each([
    ['differentLengths', [/all_reduce #1 \(sum, 1000 floats/, /all_reduce #1 \(sum, 999 floats/]],
    ['differentOps', [/all_reduce #0 \(max, 10 floats/, /all_reduce #0 \(sum, 10 floats/]],
    ['differentCollectives', [/broadcast #0 \(10 floats, from rank 0\)/, /all_gather #0 \(\d+ floats\)/]],
    ['differentOrder', [/broadcast #0/, /all_reduce #0/]],
    ['differentRoots', [/broadcast #0 \(10 floats, from rank \d\)/, /but rank \d called broadcast #0/]],
    [
      'differentRootsAndLengths',
      [/broadcast #0 \(100000 floats, from rank 0\)/, /\(4 floats, from rank 1\)/],
    ],
  ] as const)('%s names both calls on every rank', async (script, patterns) => {
    const reports = await runRanks(n, script, {}, { timeoutMs: 5000 });
    const started = now();
    for (const { error } of reports) {
      expect(error?.code).toBe('mismatch');
      expect(error?.message).toMatch(/rank \d called .* but rank \d called/);
      for (const pattern of patterns) expect(error?.message).toMatch(pattern);
      expect(error?.message).toBe(reports[0]?.error?.message);
    }
    expect(now() - started).toBeLessThan(5000);
  });

  it('a message of the wrong length is an error that says both lengths', async () => {
    const reports = await runRanks(n, 'wrongMessageLength', {}, { timeoutMs: 5000 });
    expect(reports[1]?.error?.message).toBe('Rank 0 sent 3 floats to rank 1, which waits for 4.');
    expect(reports[0]?.error?.message).toBe('Rank 1 failed, and the others were freed.');
  });

  it('recv gives up at its deadline and names the sender', async () => {
    const reports = await runRanks(n, 'recvFromNobody', {}, { timeoutMs: 400 });
    expect(reports[0]?.error?.message).toMatch(
      /^Rank 1 did not arrive: rank 0 waited 400 ms for it in send or recv; its last call was barrier #0/,
    );
  });

  it.each(['chain', 'chainOfKinds'] as const)('%s: blames the rank at its end', async (script) => {
    const reports = await runRanks(n, script, {}, { timeoutMs: 400 });
    const waiting = script === 'chain' ? n - 1 : Math.min(2, n - 1);
    for (const { error } of reports.slice(0, waiting)) {
      expect(error).toMatchObject({ code: 'deadline', rank: n - 1 });
      expect(error?.message).toMatch(
        new RegExp(`^Rank ${n - 1} did not arrive: rank \\d waited 400 ms for it in `),
      );
    }
  });

  it('who waits in a circle is told so', async () => {
    const reports = await runRanks(n, 'circle', {}, { timeoutMs: 400 });
    for (const { error } of reports) {
      expect(error?.code).toBe('deadline');
      const pairs = [...(error?.message ?? '').matchAll(/rank (\d) for rank (\d)/g)];
      expect(pairs.map(([, waiting, awaited]) => [Number(waiting), Number(awaited)]).sort()).toEqual(
        Array.from({ length: n }, (_, rank) => [rank, (rank + 1) % n]),
      );
      expect(error?.message).toMatch(
        /^The ranks wait for each other, rank .*; rank \d waited 400 ms in send or recv\.$/,
      );
    }
  });

  it('who waits for a rank that has refused is freed, and both are named', async () => {
    const reports = await runRanks(
      n,
      'stuck',
      { length: 10 },
      {
        timeoutMs: 20_000,
        async meanwhile(group) {
          await vi.waitUntil(() => readCall(group, n - 1) !== null, 5000);
          markRefused(group, 0);
        },
      },
    );
    for (const { rank, error } of reports) {
      if (rank === 0) continue;
      expect(error).toMatchObject({ code: 'input', rank: 0 });
      expect(error?.message).toMatch(
        /^Rank 0 refused its input, and rank \d, which had not, waited for it\.$/,
      );
    }
  });
});

it('refusals are forgotten where all ranks stand alike, and only there', async () => {
  const after = async (
    script: 'allReduce' | 'wrongMessageLength' | 'sendRecv',
    unlike?: (group: GroupMemory) => void,
  ) => {
    let group: GroupMemory | undefined;
    await runRanks(
      2,
      script,
      {},
      {
        async meanwhile(memory) {
          group = memory;
        },
      },
    );
    if (group === undefined) throw new Error('it has run');
    markRefused(group, 0);
    markRefused(group, 1);
    unlike?.(group);
    const forgotten = forgetRefusals(group);
    return [forgotten, hasRefused(group, 0), hasRefused(group, 1)];
  };
  expect(await after('allReduce')).toEqual([true, false, false]);
  expect(await after('sendRecv')).toEqual([true, false, false]);
  expect(await after('wrongMessageLength')).toEqual([false, true, true]); // aborted
  const count = (group: GroupMemory, index: number) => Atomics.add(group.words, index, 1);
  const call = (group: GroupMemory) => count(group, group.controlIndex(1, CONTROL.entered));
  const letter = (group: GroupMemory) => count(group, group.mailboxIndex(0, 1, MAILBOX.sent));
  expect(await after('allReduce', call)).toEqual([false, true, true]);
  expect(await after('allReduce', letter)).toEqual([false, true, true]);
});

it('blames nobody when the machine slept in mid-run', async () => {
  // A process of its own, since this one cannot stop itself and go on.
  const process = spawn(nodePath, [inject('sleeperPath')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('waiting');
  process.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 3500));
  process.kill('SIGCONT');
  const reports: Report[] = JSON.parse((await lines.next()).value);
  for (const { error } of reports.slice(1)) {
    expect(error).toMatchObject({ code: 'interrupted' });
    expect(error?.message).toMatch(/^The machine slept, or the browser stood still/);
  }
});

it('refuses worldSizes that make no sense', () => {
  for (const worldSize of [0, -1, 1.5, 65, Number.NaN]) {
    expect(() => allocateGroup(worldSize)).toThrow(/whole number from 1 to 64/);
  }
});

it('makes windows large enough for an element of each chunk', () => {
  expect(attachGroup(allocateGroup(20, { slotBytes: 1, mailboxBytes: 0 })).slotLength).toBeGreaterThanOrEqual(
    20,
  );
});
