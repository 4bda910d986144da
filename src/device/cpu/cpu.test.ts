import { describe, expect, test } from 'vitest';
import { Recorder } from '../../base/trace.ts';
import { Arena } from '../../wasm/arena.ts';
import { flavours } from '../../wasm/kernels.ts';
import { liesIn, PAGE_BYTES, sharedMemory } from '../../wasm/memory.ts';
import { testDevice, testOperations } from '../testing/deviceTests.ts';
import { testLinearBits } from '../testing/linearBits.ts';
import { createCpuDevice } from './device.ts';
import { linearVariants } from './linear.ts';

/** What a device forgets to write is seen. */
function dirtyArena(): Arena {
  const memory = sharedMemory(256 * PAGE_BYTES);
  new Float32Array(memory.buffer).fill(Number.NaN);
  return new Arena(memory, { offset: 64, bytes: 256 * PAGE_BYTES - 64 });
}

describe.each(flavours())('cpu, %s', (flavour) => {
  testDevice(async (recorder) => createCpuDevice({ recorder, flavour, arena: dirtyArena() }));
  testOperations(async (recorder) => createCpuDevice({ recorder, flavour, arena: dirtyArena() }));
  testLinearBits(flavour);

  describe.each(linearVariants)('linear by $id', ({ id }) => {
    testDevice(async (recorder) => createCpuDevice({ recorder, flavour, linear: id }));
  });
});

describe('cpu', () => {
  const recorder = new Recorder(0);

  test('says what it runs on', () => {
    const labels = flavours().map((flavour) => createCpuDevice({ recorder, flavour }).info.label);
    expect(labels).toEqual(['WASM relaxed SIMD, 1 thread', 'WASM SIMD, 1 thread'].slice(-labels.length));
    expect(createCpuDevice({ recorder }).info.label).toBe(labels[0]);
  });

  test('refuses a kernel that is none', () => {
    expect(() => createCpuDevice({ recorder, linear: 'none' })).toThrow(
      "There is no linear kernel 'none'; there are vector, block6x8, block4x16.",
    );
  });

  test('says by which kernel it multiplied', () => {
    const spans = new Recorder(0);
    const device = createCpuDevice({ recorder: spans });
    const w = device.zeros([32, 8]);
    for (const m of [1, 6, 12]) device.linear(device.zeros([m, 8]), w);
    device.add(w, w);
    const ops = spans.take().spans.flatMap((span) => (span.kind === 'op' ? [[span.op, span.variant]] : []));
    expect(ops).toEqual([
      ['linear', 'vector'],
      ['linear', 'block6x8'],
      ['linear', 'block6x8'], // too short for a trial
      ['add', undefined],
    ]);
  });

  test('is staged where it lies', async () => {
    const arena = dirtyArena();
    const device = createCpuDevice({ recorder, arena });
    const tensor = device.tensor(Float32Array.of(1, 2), [2]);
    const host = await device.stage(tensor, () => {
      throw new Error('a copy was made');
    });
    expect(liesIn(arena.memory, host)).toBe(true);
    host[0] = 5;
    device.unstage(tensor, host);
    expect(await device.read(tensor)).toEqual(Float32Array.of(5, 2));
  });

  test('says where a memory has no room, and goes on', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const device = createCpuDevice({ recorder, arena: new Arena(memory, { offset: 64, bytes: 1024 }) });
    expect(() => device.zeros([1000, 1000])).toThrow(
      expect.objectContaining({
        code: 'memory',
        message: expect.stringMatching(/^There is no room for a 1000×1000 tensor of 4 MiB: .* has 1 MiB/),
      }),
    );
    expect(device.zeros([10]).length).toBe(10);
  });

  test('gives all of its memory back when it closes', () => {
    const arena = dirtyArena();
    const lent = new Set<number>();
    const { allocate, release } = arena;
    arena.allocate = (length) => {
      const values = allocate.call(arena, length);
      if (values !== null) lent.add(values.byteOffset);
      return values;
    };
    arena.release = (values) => {
      lent.delete(values.byteOffset);
      release.call(arena, values);
    };
    const device = createCpuDevice({ recorder, arena });
    const x = device.tensor(new Float32Array(40), [5, 8]);
    device.linear(x, x);
    device.free(x);
    expect(lent.size).toBe(2); // the product, and scratch
    device.close();
    expect(lent.size).toBe(0);
  });
});
