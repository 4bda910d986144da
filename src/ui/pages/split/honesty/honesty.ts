/** What the run computed on, whether a split can be faster there, and what its time was made of. */

import type { RankTimes, SplitRun } from '#lab/split/run.ts';
import { mean } from '#numerics/statistics.ts';
import type { DeviceInfo } from '#protocol.ts';
import { labelsOf } from '#ui/components/devices.ts';
import { counted } from '#ui/components/words.ts';

/** Whether splitting can be expected to save time on these devices. */
export function speedUpNote(devices: readonly DeviceInfo[], cores: number): string {
  const ranks = devices.length;
  if (ranks === 1) {
    return 'One rank has the device to itself. This is the time that more ranks would have to beat.';
  }
  const all = ranks === 2 ? 'Both ranks' : `All ${ranks} ranks`;
  const gpus = devices.filter(({ kind }) => kind === 'webgpu').length;
  if (gpus === 0) {
    const enough = cores >= ranks;
    return enough
      ? `${all} compute on CPU threads of their own, and this machine reports ${counted(cores, 'core')}: they can work side by side. On matrices this size the ring may still cost more than the split saves.`
      : `${all} compute on CPU threads, but this machine reports only ${counted(cores, 'core')}, so they take turns: expect no speed-up.`;
  }
  if (gpus < ranks) {
    return `${counted(gpus, 'rank')} ${gpus === 1 ? 'computes' : 'compute'} with WebGPU and ${ranks - gpus} on CPU threads. In the ring they wait for the slowest of them, so the time says little about the split.`;
  }
  if (labelsOf(devices).size > 1) {
    return `${all} compute with WebGPU, but on different adapters. In the ring they wait for the slowest of them, and those on the same one take turns.`;
  }
  if (devices.every(({ software }) => software)) {
    return `${all} use a software adapter, a GPU that the CPU imitates. They compete for the same ${counted(cores, 'core')}: expect no speed-up.`;
  }
  return `${all} share one physical GPU, so their products take turns: expect no speed-up. What a split saves here is memory, since each rank keeps only its shard.`;
}

export interface TimePart {
  readonly label: string;
  /** The mean over the ranks. */
  readonly ms: number;
  /** Of the whole run on the clock. */
  readonly share: number;
}

const PARTS: readonly { readonly key: Exclude<keyof RankTimes, 'gemmGpu'>; readonly label: string }[] = [
  { key: 'upload', label: 'uploading' },
  { key: 'gemm', label: 'multiplying' },
  { key: 'readback', label: 'reading back' },
  { key: 'bias', label: 'adding the bias' },
  { key: 'wait', label: 'waiting for a neighbour' },
  { key: 'ring', label: 'copying round the ring' },
];

/** What an average rank spent the run on, the largest first; the rest is what no span covers. */
export function timeParts(run: Pick<SplitRun, 'startMs' | 'endMs' | 'times'>): TimePart[] {
  const whole = run.endMs - run.startMs;
  const part = (label: string, ms: number): TimePart => ({ label, ms, share: whole > 0 ? ms / whole : 0 });
  const parts = PARTS.map(({ key, label }) => part(label, mean(run.times.map((times) => times[key]))));
  const rest = whole - parts.reduce((sum, { ms }) => sum + ms, 0);
  return [...parts, part('on everything else', Math.max(0, rest))]
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
}

/** The ranks on each adapter: `[["NVIDIA Ampere", [0, 1]]]`. */
export function adaptersOf(devices: readonly DeviceInfo[]): [string, number[]][] {
  return [...labelsOf(devices)].map((label) => [
    label,
    devices.flatMap((device, rank) => (device.label === label ? [rank] : [])),
  ]);
}
