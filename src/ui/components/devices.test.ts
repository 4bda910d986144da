import { describe, expect, it } from 'vitest';
import type { DeviceInfo } from '#protocol.ts';
import { devicesInShort, labelsOf } from './devices.ts';

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

describe('devicesInShort', () => {
  it.each([
    [times(4, GPU), 'WebGPU · 4 ranks share one GPU'],
    [times(1, GPU), 'WebGPU · 1 rank'],
    [times(4, SOFT), 'WebGPU, software adapter'],
    [times(4, CPU), 'CPU · 4 threads'],
    [times(1, CPU), 'CPU · 1 thread'],
    [[GPU, GPU, CPU], 'WebGPU on 2 ranks, CPU on 1'],
    [[GPU, { ...GPU, label: 'Intel Xe' }], 'WebGPU · 2 ranks'],
  ])('%#', (devices, text) => expect(devicesInShort(devices)).toBe(text));
});

it('names each adapter once', () => {
  expect([...labelsOf([GPU, CPU, GPU])]).toEqual(['NVIDIA Ampere', 'WASM SIMD, 1 thread']);
});
