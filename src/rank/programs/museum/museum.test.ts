import { describe, expect, test } from 'vitest';
import { Recorder } from '../../../base/trace.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import type { Tensor } from '../../../device/device.ts';
import type { Collectives } from '../../../parallel/collectives.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import { EXHIBITS, type ExhibitId, MUSEUM } from '../../../program/museum.ts';
import { compareOutputs } from '../unsplit.ts';
import { runAlone, runExhibit } from './exhibit.ts';

async function checks(exhibit: ExhibitId, wrong: boolean, worldSize: number) {
  const device = createCpuDevice({ recorder: new Recorder(0) });
  const { members } = new OneDeviceGroup(device, worldSize);
  const contexts = withVectors(members.map(({ context }) => context));
  const task = { exhibit, wrong, seed: 3 };
  const outputs = await Promise.all(contexts.map((context) => runExhibit(context, task)));
  const expected = await runAlone(exhibit, task.seed);
  expect(expected.length % MUSEUM.tokens).toBe(0);
  return outputs.map((output) => compareOutputs(output, expected));
}

/** Ranks on one device sum matrices alone; a loss needs the sum and the largest of a number a token, which the host adds. */
function withVectors(contexts: readonly ParallelContext[]): ParallelContext[] {
  let here: { readonly y: Tensor; readonly resolve: () => void }[] = [];
  const combine = async (op: 'sum' | 'max'): Promise<void> => {
    const all = here;
    here = [];
    const { device } = contexts[0] as ParallelContext;
    const values = await Promise.all(all.map(({ y }) => device.read(y)));
    const whole = (values[0] ?? new Float32Array(0)).map((_, i) =>
      values.reduce(
        (so, one) => (op === 'sum' ? so + (one[i] ?? 0) : Math.max(so, one[i] ?? 0)),
        op === 'sum' ? 0 : Number.NEGATIVE_INFINITY,
      ),
    );
    for (const { y, resolve } of all) {
      device.unstage(y, whole);
      resolve();
    }
  };
  return contexts.map((context) => ({
    ...context,
    collectives: new Proxy(context.collectives, {
      get(own, key) {
        if (key !== 'allReduce') {
          const value: unknown = Reflect.get(own, key);
          return typeof value === 'function' ? value.bind(own) : value;
        }
        return (async (y, { op = 'sum', after } = {}) => {
          await after;
          if (y.shape.length > 1) return own.allReduce(y, { op });
          return new Promise<void>((resolve) => {
            here.push({ y, resolve });
            if (here.length === contexts.length) void combine(op === 'max' ? 'max' : 'sum');
          });
        }) satisfies Collectives['allReduce'];
      },
    }),
  }));
}

describe.each(EXHIBITS)('the exhibit “%s”', (exhibit) => {
  test('is right as it is mended', async () => {
    for (const check of await checks(exhibit, false, MUSEUM.worldSize)) expect(check.pass).toBe(true);
  });

  test('is caught by the check as it was shipped', async () => {
    const caught = (await checks(exhibit, true, MUSEUM.worldSize)).filter(({ pass }) => !pass);
    expect(caught.length).toBeGreaterThan(0);
    // Not by a hair: no tolerance would let it pass.
    for (const { maxAbsError, tolerance } of caught) expect(maxAbsError).toBeGreaterThan(1000 * tolerance);
  });

  test('hid on one rank', async () => {
    for (const check of await checks(exhibit, true, 1)) expect(check.pass).toBe(true);
  });
});

test('the loss of gathered logits is log p too large, on every rank and for every token', async () => {
  for (const { maxAbsError } of await checks('log-p', true, 4))
    expect(maxAbsError).toBeCloseTo(Math.log(4), 4);
});

test('of a window that is overwritten, the neighbour alone has a wrong chunk', async () => {
  const pass = (await checks('window', true, 4)).map((check) => check.pass);
  expect(pass).toEqual([true, false, true, true]);
});
