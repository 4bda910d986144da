/** What goes between the host and the device, and what the trace says of it. */

import { describe, expect, test } from 'vitest';
import { now, spanLane, spanName } from '../../base/trace.ts';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

export function testHost(under: UnderTest): void {
  describe('the host', () => {
    test('stages into shared memory, changes the values, and gives them back', async () => {
      const memory = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      const tensor = under.device.tensor(values(1, 15), [3, 5]);
      const host = await under.device.stage(tensor, (length) => new Float32Array(memory.buffer, 256, length));
      expect(host).toEqual(values(1, 15));
      for (let i = 0; i < host.length; i++) host[i] = i;
      under.device.unstage(tensor, host);
      expect(await under.device.read(tensor)).toEqual(Float32Array.from({ length: 15 }, (_, i) => i));
      under.device.free(tensor);
    });

    test('uploads from shared memory', async () => {
      const memory = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      const data = new Float32Array(memory.buffer, 64, 9);
      data.set(values(1, 9));
      expect(await under.device.read(under.device.tensor(data, [9]))).toEqual(values(1, 9));
    });

    test('reads after many queued operations, and several at once', async () => {
      const one = under.device.tensor(Float32Array.of(1, 2, 3), [3]);
      const sums = [one];
      for (let i = 1; i < 200; i++) sums.push(under.device.add(sums[i - 1] ?? one, one));
      const some = [199, 0, 99].map(async (i) => under.device.read(sums[i] ?? one));
      expect(await Promise.all(some)).toEqual([
        Float32Array.of(200, 400, 600),
        Float32Array.of(1, 2, 3),
        Float32Array.of(100, 200, 300),
      ]);
    });
  });

  describe('spans', () => {
    test('name each operation, with times, bytes and flops', async () => {
      const before = now();
      const x = under.device.tensor(values(1, 64 * 64), [64, 64]);
      const y = under.device.linear(x, x);
      await under.device.sync();
      const z = under.device.add(y, y);
      await under.device.read(z);
      const after = now();
      const { spans } = under.recorder.take();
      expect(spans.map(spanName)).toEqual(['upload', 'linear', 'add', 'readback']);
      expect(spans.map((span) => span.flops)).toEqual([undefined, 2 * 64 ** 3, 64 ** 2, undefined]);
      expect(spans.map((span) => span.bytes)).toEqual([4 * 64 ** 2, undefined, undefined, 4 * 64 ** 2]);
      let last = before;
      for (const span of spans) {
        expect([span.rank, spanLane(span)]).toEqual([0, 'device']);
        expect(span.startMs).toBeGreaterThanOrEqual(last - 0.1); // the clock of a page is rounded
        expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
        last = span.startMs;
      }
      expect(last).toBeLessThanOrEqual(after);
    });

    test('of several operations with no wait between stay within it, and have all flops', async () => {
      const x = under.device.tensor(values(1, 128 * 128), [128, 128]);
      await under.device.sync();
      under.recorder.take();
      const before = now();
      const sums = Array.from({ length: 5 }, () => under.device.linear(x, x));
      await under.device.sync();
      const after = now();
      const { spans } = under.recorder.take();
      expect(spans.reduce((sum, span) => sum + (span.flops ?? 0), 0)).toBe(5 * 2 * 128 ** 3);
      for (const span of spans) {
        expect(span.startMs).toBeGreaterThanOrEqual(before - 0.1);
        expect(span.endMs).toBeLessThanOrEqual(after + 0.1);
        expect(span.gpuMs !== undefined).toBe(under.device.info.timestamps);
      }
      under.device.free(x, ...sums);
    });
  });
}
