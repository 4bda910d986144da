/** The span of every operation. */

import { describe, expect, test } from 'vitest';
import type { Device, GateOptions, OperationName } from '../device.ts';
import type { UnderTest } from './underTest.ts';

const gate: GateOptions = {
  topK: 1,
  score: 'softmax',
  groups: 1,
  topGroups: 1,
  normalize: true,
  routeScale: 1,
};
const attention = { heads: 2, kvHeads: 1, start: 1, scale: 1, causal: true };

export function testSpans(under: UnderTest): void {
  /** Each operation on a few 3×4 matrices, with its flops counted by hand. */
  const runs: Readonly<
    Record<OperationName, readonly [flops: number | undefined, run: (device: Device) => void]>
  > = {
    linear: [2 * 3 * 4 * 5, (device) => device.linear(under.seeded(1, 3, 4), under.seeded(2, 5, 4))],
    linearPerHead: [
      2 * 3 * 4 * 5,
      (device) => device.linearPerHead(under.seeded(1, 3, 4), under.seeded(2, 2, 5, 2)),
    ],
    add: [12, (device) => device.add(under.seeded(1, 3, 4), under.seeded(2, 4))],
    columns: [undefined, (device) => device.columns(under.seeded(1, 3, 4), 0, 1)],
    concatPerHead: [
      undefined,
      (device) => device.concatPerHead(under.seeded(1, 3, 4), under.seeded(1, 3, 4), 2, false),
    ],
    rows: [undefined, (device) => device.rows(under.seeded(1, 3, 4), under.put([1], 1))],
    writeRows: [undefined, (device) => device.writeRows(device.zeros([5, 4]), under.seeded(1, 3, 4), 2)],
    addRows: [
      2 * 12,
      (device) =>
        device.addRows(
          device.zeros([5, 4]),
          under.seeded(1, 3, 4),
          under.put([0, 4, 2], 3),
          under.seeded(1, 3),
        ),
    ],
    rmsNorm: [4 * 12, (device) => device.rmsNorm(under.seeded(1, 3, 4), under.seeded(2, 2), 1e-6)],
    layerNorm: [
      7 * 12,
      (device) => device.layerNorm(under.seeded(1, 3, 4), under.seeded(2, 4), under.seeded(3, 4), 1e-6),
    ],
    siluMul: [5 * 12, (device) => device.siluMul(under.seeded(1, 3, 4), under.seeded(2, 3, 4))],
    gelu: [8 * 12, (device) => device.gelu(under.seeded(1, 3, 4), 'tanh')],
    softmax: [5 * 12, (device) => device.softmax(under.seeded(1, 3, 4))],
    rope: [
      3 * 12,
      (device) =>
        device.rope(under.seeded(1, 3, 4), under.seeded(2, 3, 2), { headDim: 2, start: 0, layout: 'half' }),
    ],
    // Three queries at positions 1, 2 and 3 see 2 + 3 + 4 keys; two heads of 2 columns each.
    attention: [
      2 * 9 * 2 * (2 + 2),
      (device) =>
        device.attention(under.seeded(1, 3, 4), under.seeded(2, 4, 2), under.seeded(3, 4, 2), attention),
    ],
    gate: [4 * 12, (device) => device.gate(under.seeded(1, 3, 4), gate)],
    rowMax: [12, (device) => device.rowMax(under.seeded(1, 3, 4))],
    sumExp: [3 * 12, (device) => device.sumExp(under.seeded(1, 3, 4), under.seeded(2, 3))],
    topK: [4 * 12, (device) => device.topK(under.seeded(1, 3, 4), 2)],
    pick: [undefined, (device) => device.pick(under.seeded(1, 3, 4), under.put([0, 1, 2], 3))],
  };

  describe('the span', () => {
    test.each(Object.entries(runs))('of %s has its name and flops', async (name, [flops, run]) => {
      run(under.device);
      await under.device.sync();
      const spans = under.recorder.take().spans.filter(({ kind }) => kind !== 'upload');
      expect(spans).toHaveLength(1);
      expect(spans[0]).toMatchObject({ kind: 'op', op: name });
      expect(spans[0]?.flops).toBe(flops);
    });

    test('of an empty operation is none', async () => {
      const { device } = under;
      device.add(under.empty(0, 4), under.seeded(1, 4));
      device.softmax(under.empty(3, 0));
      device.writeRows(device.zeros([2, 2]), under.empty(0, 2), 1);
      await device.sync();
      expect(under.recorder.take().spans.filter(({ kind }) => kind !== 'upload')).toEqual([]);
    });
  });
}
