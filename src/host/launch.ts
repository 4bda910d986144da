/** Starts a group of ranks, each in a worker of its own. */

import { describeValue, timeoutProblem } from '../base/describe.ts';
import { LabError } from '../base/errors.ts';
import { DEFAULT_TRACE, type TraceChoice, traceProblem } from '../base/trace.ts';
import type { DeviceChoice } from '../device/device.ts';
import { allocateGroup, type GroupOptions } from '../group/memory.ts';
import { DEVICE_CHOICES } from '../protocol.ts';
import type { TunedKernels } from '../tuning/table.ts';
import { RankGroup } from './rankGroup.ts';

export interface LaunchOptions {
  /** 1 to 64. */
  readonly worldSize: number;
  /** Makes the worker of a rank, whose script calls serve(); a new one each time. */
  readonly program: () => Worker;
  /** Default `auto`: webgpu where an adapter answers. */
  readonly device?: DeviceChoice;
  /**
   * Whether `auto` takes an adapter that is emulated on the CPU too. Default true: it shows what a GPU would do. Where speed
   * is what counts, the CPU device is several times faster than a GPU that the CPU plays.
   */
  readonly softwareGpu?: boolean;
  /** A deadline in milliseconds for every wait, of a rank for another and of the page for a rank. Default 30 000. */
  readonly timeoutMs?: number;
  /** Closes the group. */
  readonly signal?: AbortSignal;
  /** What each rank keeps of its trace until it is asked for. Default: the last 50 000 spans, of runs of any length. */
  readonly trace?: TraceChoice;
  /**
   * Tables of kernels that were measured to be the fastest, of which a WebGPU device takes that of its adapter; no bit of a
   * result depends on it. `off`: nor those that ship with the library. Default: those.
   */
  readonly tuned?: TunedKernels;
  /** How much memory the ranks share; see its fields for the defaults. */
  readonly memory?: GroupOptions;
}

/**
 * Starts worldSize workers and waits until each has its device and its program.
 *
 * The type P ties the page to the rank's script: name the function that the script passes to serve(), as in
 * `launch<typeof program>(…)` with `import type { program } from './my.rank.ts'`, or the type of what it returns.
 * A method that the program does not have, or an argument of another type, then does not compile.
 * @throws LabError `environment`, `memory`, `input`, `device`, `deadline` or `closed`; then no worker is left behind
 */
export async function launch<P extends object>(options: LaunchOptions): Promise<RankGroup<P>> {
  const { worldSize, program, device = 'auto', timeoutMs = 30_000, trace = DEFAULT_TRACE, signal } = options;
  const { softwareGpu = true, tuned = [] } = options;
  const problem =
    (typeof program === 'function'
      ? null
      : `program is ${describeValue(program)}; it must be a function that makes a Worker.`) ??
    (DEVICE_CHOICES.includes(device)
      ? null
      : `device is ${describeValue(device)}; it must be auto, webgpu or cpu.`) ??
    timeoutProblem(timeoutMs) ??
    traceProblem(trace) ??
    (signal === undefined || signal instanceof AbortSignal
      ? null
      : `signal is ${describeValue(signal)}; it must be an AbortSignal.`);
  if (problem !== null) throw new LabError('input', problem);
  if (signal?.aborted) throw new LabError('closed', 'The launch was aborted before it began.');
  const memory = allocateGroup(worldSize, { cores: navigator.hardwareConcurrency, ...options.memory });
  return RankGroup.start<P>({
    worldSize,
    memory,
    program,
    device,
    softwareGpu,
    timeoutMs,
    trace,
    tuned,
    signal,
  });
}
