import { expect, test } from 'vitest';
import type { Tuned, TunedTable } from '../../tuning/table.ts';
import type { DeviceInfo } from '../device.ts';
import { linearVariants } from './products.ts';
import { tunedLinear, tuningKey } from './tuned.ts';

const AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const square = { m: 512, k: 512, n: 512 };
const row = { m: 1, k: 512, n: 512 };

function adapter(vendor: string, description = '', software = false): DeviceInfo {
  return {
    kind: 'webgpu',
    label: vendor,
    software,
    adapter: { vendor, architecture: '', device: '', description },
    timestamps: true,
  };
}

function tableOf(info: DeviceInfo, variant: string): TunedTable {
  const tuned: Tuned = { variant, guess: 'tiles-32', timed: square, mediansMs: [], refused: [] };
  return { ...tuningKey(info, AGENT), date: '', linear: { '512x512x512': tuned } };
}

test('a guess goes by the maker, what ships before it, and what was measured here before that', () => {
  const [nvidia, h200, intel] = [adapter('nvidia'), adapter('nvidia', 'NVIDIA H200'), adapter('intel')];
  expect(tunedLinear(nvidia, AGENT, [])(square)).toBeUndefined();
  expect(tunedLinear(intel, AGENT, [])(square)).toBe('tiles-32-short');
  expect(tunedLinear(h200, AGENT, [])(square)).toBe('tiles-32');
  expect(tunedLinear(h200, AGENT, [])({ m: 4096, k: 4096, n: 4096 })).toBe('tiles-256');
  for (const info of [nvidia, h200, intel]) {
    const table = tableOf(info, 'tiles-64x128');
    expect(tunedLinear(info, AGENT, [table])(square)).toBe('tiles-64x128');
    expect(tunedLinear(info, AGENT, [table])(row)).toBeUndefined();
    const otherText = { ...table, kernels: 'of old' };
    expect(tunedLinear(info, AGENT, [otherText])(square)).toBe(tunedLinear(info, AGENT, [])(square));
  }
});

test('a table of another adapter or browser says nothing, and off is off', () => {
  const [here, other] = [adapter('nvidia', 'NVIDIA H200'), adapter('nvidia')];
  expect(tunedLinear(other, AGENT, [tableOf(here, 'tiles-64')])(square)).toBeUndefined();
  expect(
    tunedLinear(other, AGENT.replace('156', '157'), [tableOf(other, 'tiles-64')])(square),
  ).toBeUndefined();
  expect(tunedLinear(here, AGENT, 'off')(square)).toBeUndefined();
});

test('every kernel that a table or a guess may name is there', () => {
  const ids = linearVariants.map(({ id }) => id);
  const named = [adapter('nvidia', 'NVIDIA H200'), adapter('apple')].flatMap((info) =>
    [16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map((m) =>
      tunedLinear(info, AGENT, [])({ m, k: 2048, n: 4096 }),
    ),
  );
  expect(named).not.toContain(undefined);
  for (const id of named) expect(ids).toContain(id);
});

test('the key changes with the text of the kernels, and with nothing else', () => {
  const { kernels } = tuningKey(adapter('nvidia'), AGENT);
  expect(kernels).toMatch(/^[0-9a-f]{8}$/);
  expect(tuningKey(adapter('apple'), 'another').kernels).toBe(kernels);
});
