/** The ranks' devices in words. */

import type { DeviceChoice, DeviceInfo } from '#protocol.ts';
import { counted } from './words.ts';

/** For the header: "WebGPU · 4 ranks share one GPU". */
export function devicesInShort(devices: readonly DeviceInfo[]): string {
  const ranks = devices.length;
  const gpus = devices.filter(({ kind }) => kind === 'webgpu').length;
  if (gpus === 0) return `CPU · ${counted(ranks, 'thread')}`;
  if (gpus < ranks) return `WebGPU on ${counted(gpus, 'rank')}, CPU on ${ranks - gpus}`;
  if (devices.some(({ software }) => software)) return 'WebGPU, software adapter';
  if (ranks === 1) return 'WebGPU · 1 rank';
  return labelsOf(devices).size === 1 ? `WebGPU · ${ranks} ranks share one GPU` : `WebGPU · ${ranks} ranks`;
}

/** Each adapter once. */
export function labelsOf(devices: readonly DeviceInfo[]): Set<string> {
  return new Set(devices.map(({ label }) => label));
}

/**
 * Why the ranks cannot have WebGPU here, in a sentence; null where nothing says that they cannot.
 *
 * @param asked the device of the last run, and what it got; null before it
 */
export function noWebGpu(
  asked: { readonly device: DeviceChoice; readonly devices: readonly DeviceInfo[] } | null,
): string | null {
  if (!('gpu' in navigator)) return 'This browser has no WebGPU; the ranks can compute on the CPU.';
  // Auto takes WebGPU wherever an adapter answers.
  if (asked?.device === 'auto' && asked.devices.every(({ kind }) => kind === 'cpu')) {
    return 'WebGPU gave no adapter here, so the ranks compute on the CPU.';
  }
  return null;
}
