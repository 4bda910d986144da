/** A page may launch as often as it likes: nothing of a group that was closed is kept. */

import { afterAll, expect, it } from 'vitest';
import { launch } from '../../src/index.ts';

interface HoldsMemory {
  memoryBytes(): Promise<number>;
}

/** A rank without its modules, so that it starts in a few milliseconds: it speaks Comlink's words, and holds its memory. */
const SCRIPT = `
  const device = { kind: 'cpu', label: '', software: false, adapter: {}, timestamps: false };
  let held;
  addEventListener('message', ({ data: { id, type, path, argumentList } }) => {
    if (type !== 'APPLY') return;
    const starts = path[0] === 'init';
    if (starts) held = argumentList[0].value.memory;
    postMessage({ id, type: 'RAW', value: { ok: true, value: starts ? device : held.buffer.byteLength } });
  });
`;
const url = URL.createObjectURL(new Blob([SCRIPT], { type: 'text/javascript' }));
afterAll(() => URL.revokeObjectURL(url));

it('launches three hundred groups in one page', { timeout: 120_000 }, async () => {
  for (let i = 0; i < 300; i++) {
    // As large as by default: what is kept shows in memory, and in what the browser reserves for each.
    const group = await launch<HoldsMemory>({ device: 'cpu', worldSize: 1, program: () => new Worker(url) });
    expect((await group.all((rank) => rank.memoryBytes()))[0]).toBeGreaterThan(2 ** 24);
    await group.close();
  }
});
