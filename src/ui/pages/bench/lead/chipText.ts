/** Devices of a run in a few words, for the header. */

import type { RunHeader } from '#lab/bench/state.ts';
import { counted } from '#ui/components/words.ts';

/** "NVIDIA Ampere, all ranks share it · 8 cores, all ranks share them"; null where nothing is known. */
export function chipText({
  devices,
  environment,
  imported,
}: Pick<RunHeader, 'devices' | 'environment' | 'imported'>): string | null {
  if (imported)
    return `Imported · ${Object.values(environment.adapter).join(' ') || environment.userAgent.slice(0, 28)}`;
  const gpu = devices.find(({ kind }) => kind === 'webgpu');
  const cpu = devices.some(({ kind }) => kind === 'cpu');
  const parts = [
    ...(gpu === undefined
      ? []
      : [gpu.software ? 'WebGPU, software adapter' : `${gpu.label}, shared by all ranks`]),
    ...(cpu ? [`${counted(environment.cores, 'core')}, shared by all ranks`] : []),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}
