import type { SplitState } from '../../../lab/split/state.ts';

/** Why the ranks cannot have WebGPU here, in a sentence; null where nothing says that they cannot. */
export function noWebGpu({ run }: SplitState): string | null {
  if (!('gpu' in navigator)) return 'This browser has no WebGPU, so the ranks compute on the CPU.';
  // Auto takes WebGPU wherever an adapter answers.
  if (run?.params.device === 'auto' && run.devices.every(({ kind }) => kind === 'cpu')) {
    return 'WebGPU gave no adapter here, so the ranks compute on the CPU.';
  }
  return null;
}
