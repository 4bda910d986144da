import { describe, expect, test } from 'vitest';
import { Recorder } from '../../../base/trace.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import { EXHIBITS, type ExhibitId, MUSEUM } from '../../../program/museum.ts';
import { compareOutputs } from '../unsplit.ts';
import { runAlone, runExhibit } from './exhibit.ts';

async function checks(exhibit: ExhibitId, wrong: boolean, worldSize: number) {
  const device = createCpuDevice({ recorder: new Recorder(0) });
  const { members } = new OneDeviceGroup(device, worldSize);
  const task = { exhibit, wrong, seed: 3 };
  const outputs = await Promise.all(members.map(({ context }) => runExhibit(context, task)));
  const expected = await runAlone(exhibit, task.seed);
  expect(expected).toHaveLength(MUSEUM.tokens * MUSEUM.hidden);
  return outputs.map((output) => compareOutputs(output, expected));
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
