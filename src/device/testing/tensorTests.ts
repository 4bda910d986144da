/** Making, reading and freeing tensors. */

import { describe, expect, test } from 'vitest';
import { Recorder } from '../../base/trace.ts';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

export function testTensors(under: UnderTest): void {
  describe('tensors', () => {
    test('come back as they were', async () => {
      for (const length of [1, 2, 3, 5, 64, 1001]) {
        const data = values(length, length);
        const tensor = under.device.tensor(data, [length]);
        data.fill(0); // the device has a copy
        expect(await under.device.read(tensor)).toEqual(values(length, length));
        under.device.free(tensor);
      }
    });

    test('may be empty', async () => {
      const empty = under.device.tensor(new Float32Array(), [3, 0]);
      expect(empty.length).toBe(0);
      expect(await under.device.read(empty)).toHaveLength(0);
      expect(await under.device.stage(empty, (length) => new Float32Array(length))).toHaveLength(0);
      under.device.unstage(empty, new Float32Array());
      under.device.free(empty);
    });

    test('hold no values of those freed before', async () => {
      for (let round = 0; round < 3; round++) {
        const dirty = under.device.tensor(new Float32Array(77).fill(Number.NaN), [7, 11]);
        under.device.free(dirty);
        const sum = under.device.linear(
          under.device.tensor(new Float32Array(), [7, 0]),
          under.device.tensor(new Float32Array(), [11, 0]),
        );
        expect(await under.device.read(sum)).toEqual(new Float32Array(77));
        under.device.free(sum);
      }
    });

    test('freed while work on them is queued keep their values until it has run', async () => {
      const x = under.device.tensor(values(1, 64), [8, 8]);
      const zeros = under.device.tensor(new Float32Array(64), [8, 8]);
      const y = under.device.add(x, zeros);
      under.device.free(x);
      const next = under.device.tensor(new Float32Array(64).fill(7), [8, 8]);
      expect(await under.device.read(y)).toEqual(values(1, 64));
      expect(await under.device.read(next)).toEqual(new Float32Array(64).fill(7));
      under.device.free(zeros, y, next);
    });

    test('of the wrong length, freed, or of another device are refused', async () => {
      expect(() => under.device.tensor(new Float32Array(5), [2, 3])).toThrow(
        /2×3 tensor has 6 elements, and 5/,
      );
      const tensor = under.device.tensor(new Float32Array(6), [2, 3]);
      under.device.free(tensor);
      expect(() => under.device.add(tensor, tensor)).toThrow(/2×3 tensor is of another device, or was freed/);
      await expect(under.device.read(tensor)).rejects.toThrow(/freed/);
      expect(() => under.device.free(tensor)).toThrow(/freed/);
      const other = await under.open(new Recorder(1));
      const foreign = other.tensor(new Float32Array(6), [2, 3]);
      await expect(under.device.read(foreign)).rejects.toThrow(/another device/);
      other.close();
    });
  });

  test('a closed device says so', async () => {
    const closed = await under.open(new Recorder(0));
    const x = closed.tensor(values(1, 4), [2, 2]);
    closed.close();
    closed.close();
    expect(() => closed.linear(x, x)).toThrow(expect.objectContaining({ code: 'closed' }));
    await expect(closed.read(x)).rejects.toMatchObject({ code: 'closed' });
    await expect(closed.sync()).rejects.toMatchObject({ code: 'closed' });
  });
}
