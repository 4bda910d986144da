import { describe, expect, it } from 'vitest';
import type { DeviceInfo } from '#protocol.ts';
import { adaptersOf, speedUpNote, timeParts } from './honesty.ts';

const GPU: DeviceInfo = {
  kind: 'webgpu',
  label: 'NVIDIA Ampere',
  software: false,
  adapter: {},
  timestamps: true,
};
const SOFT: DeviceInfo = { ...GPU, label: 'SwiftShader (software)', software: true };
const CPU: DeviceInfo = { ...GPU, kind: 'cpu', label: 'WASM SIMD, 1 thread', timestamps: false };
const times = (count: number, device: DeviceInfo) => Array.from({ length: count }, () => device);

describe('speedUpNote', () => {
  it('promises nothing where ranks share a device', () => {
    expect(speedUpNote(times(4, GPU), 8)).toMatch(/share one physical GPU.*expect no speed-up/);
    expect(speedUpNote(times(4, SOFT), 2)).toMatch(/software adapter.*2 cores: expect no speed-up/);
    expect(speedUpNote(times(4, CPU), 2)).toMatch(/only 2 cores.*expect no speed-up/);
  });
  it('claims no more of ranks on different devices than is known', () => {
    const mixed = speedUpNote([GPU, CPU, GPU, CPU], 8);
    expect(mixed).toMatch(/^2 ranks compute with WebGPU and 2 on CPU threads\..*wait for the slowest/);
    expect(speedUpNote([GPU, CPU, CPU], 8)).toMatch(/^1 rank computes with WebGPU and 2 on CPU threads\./);
    const other = { ...GPU, label: 'Intel Xe' };
    expect(speedUpNote([GPU, other], 8)).toMatch(
      /^Both ranks compute with WebGPU, but on different adapters/,
    );
    expect(speedUpNote([GPU, SOFT], 8)).toMatch(/on different adapters/);
    for (const note of [mixed, speedUpNote([GPU, other], 8)]) expect(note).not.toContain('one physical GPU');
  });
  it('does not deny one where every rank has a core', () => {
    expect(speedUpNote(times(2, CPU), 8)).toMatch(/^Both ranks.*8 cores: they can work side by side/);
    expect(speedUpNote(times(1, GPU), 8)).toContain('One rank has the device to itself');
  });
});

describe('timeParts', () => {
  const rank = { upload: 1, gemm: 4, gemmGpu: null, readback: 0, bias: 0, wait: 2, ring: 1 };
  it('shares out the whole clock, largest first, and calls the rest by its name', () => {
    const parts = timeParts({ startMs: 100, endMs: 110, times: [rank, { ...rank, wait: 0 }] });
    expect(parts.map(({ label, ms }) => `${label} ${ms}`)).toEqual([
      'multiplying 4',
      'on everything else 3',
      'uploading 1',
      'waiting for a neighbour 1',
      'copying round the ring 1',
    ]);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });
  it('is empty for an empty run', () => {
    expect(timeParts({ startMs: 0, endMs: 0, times: [] })).toEqual([]);
  });
});

it('groups ranks by adapter', () => {
  expect(adaptersOf([GPU, CPU, GPU])).toEqual([
    ['NVIDIA Ampere', [0, 2]],
    ['WASM SIMD, 1 thread', [1]],
  ]);
});
