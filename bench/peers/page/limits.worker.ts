/** A thread that does what a core can at most. */

import * as Comlink from 'comlink';
import { Recorder } from '../../../src/base/trace.ts';
import { createCpuDevice } from '../../../src/device/cpu/device.ts';
import { Arena } from '../../../src/wasm/arena.ts';
import { sharedMemory } from '../../../src/wasm/memory.ts';
import { coreLimits } from '../../../tools/cpu/coreLimits.ts';
import { ADDED_BYTES, type LimitName } from '../works.ts';

const arena = new Arena(sharedMemory(2 ** 20), { offset: 64, bytes: 2 ** 20 - 64 });
const device = createCpuDevice({ recorder: new Recorder(0, { trace: 'off' }), arena });
const limits = new Map<LimitName, () => void>([...coreLimits(arena), ['sums', adds()]]);

const limitThread = {
  iterate(limit: LimitName, runs: number): number {
    const run = limits.get(limit);
    const startMs = performance.now();
    for (let i = 0; i < runs; i++) run?.();
    return (performance.now() - startMs) / runs;
  },
};

export type LimitThread = typeof limitThread;

Comlink.expose(limitThread);

/** Adds two buffers. */
function adds(): () => void {
  const operand = () => device.zeros([1, ADDED_BYTES / 4]);
  const [a, b] = [operand(), operand()];
  return () => device.free(device.add(a, b));
}
