import { describe, expect, test } from 'vitest';
import { Recorder } from '../../base/trace.ts';
import { testDevice, testOperations } from '../testing/deviceTests.ts';
import { createCpuDevice } from './device.ts';

describe('cpu', () => {
  testDevice(async (recorder) => createCpuDevice({ recorder }));
  testOperations(async (recorder) => createCpuDevice({ recorder }));
});

describe('cpu in shared memory', () => {
  // Never zeroed, and reused in any order: what a device forgets to write is seen.
  const free: Float32Array[] = [];
  const allocate = (length: number) => {
    const at = free.findIndex((candidate) => candidate.length === length);
    if (at >= 0) return free.splice(at, 1)[0] ?? null;
    return new Float32Array(new SharedArrayBuffer(4 * length)).fill(Number.NaN);
  };
  const release = (view: Float32Array) => void free.push(view);

  testDevice(async (recorder) => createCpuDevice({ recorder, allocate, release }));
  testOperations(async (recorder) => createCpuDevice({ recorder, allocate, release }));

  test('is staged where it lies', async () => {
    const device = createCpuDevice({ recorder: new Recorder(0), allocate, release });
    const tensor = device.tensor(Float32Array.of(1, 2), [2]);
    const host = await device.stage(tensor, () => {
      throw new Error('a copy was made');
    });
    expect(host.buffer).toBeInstanceOf(SharedArrayBuffer);
    host[0] = 5;
    device.unstage(tensor, host);
    expect(await device.read(tensor)).toEqual(Float32Array.of(5, 2));
  });

  test('falls back to its own memory where the shared one is full', async () => {
    const released: Float32Array[] = [];
    const device = createCpuDevice({
      recorder: new Recorder(0),
      allocate: () => null,
      release: (view) => void released.push(view),
    });
    const tensor = device.tensor(Float32Array.of(1, 2), [2]);
    expect(await device.read(device.add(tensor, tensor))).toEqual(Float32Array.of(2, 4));
    device.close();
    expect(released).toEqual([]);
  });

  test('gets all of its memory back when the device closes', () => {
    const lent = new Set<Float32Array>();
    const device = createCpuDevice({
      recorder: new Recorder(0),
      allocate: (length) => {
        const view = new Float32Array(length);
        lent.add(view);
        return view;
      },
      release: (view) => void lent.delete(view),
    });
    const x = device.tensor(new Float32Array(4), [2, 2]);
    device.linear(x, x);
    device.free(x);
    expect(lent.size).toBe(1);
    device.close();
    expect(lent.size).toBe(0);
  });
});
