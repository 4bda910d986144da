/** The ranks of a model as the page holds them: a worker each, or all in one worker, on one device. */

import type { Span } from '../../base/trace.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import type { DeviceChoice, DeviceInfo, ModelProgram, ModelWorker, Placement } from '../../protocol.ts';
import { arenaFor } from '../arena.ts';
import { launchRanks } from '../tuning/tuning.ts';

export interface RanksOptions {
  readonly worldSize: number;
  readonly placement: Placement;
  readonly device: DeviceChoice;
  /** By rank, what it will hold in bytes. */
  readonly held: readonly number[];
  /** Closes them. */
  readonly signal: AbortSignal | undefined;
}

/** A rank answers only when a weight is there, and the largest of a model may take so long. */
const TIMEOUT_MS = 180_000;

export class ModelRanks {
  readonly worldSize: number;
  readonly placement: Placement;
  readonly #group: RankGroup<ModelWorker>;

  private constructor({ worldSize, placement }: RanksOptions, group: RankGroup<ModelWorker>) {
    this.worldSize = worldSize;
    this.placement = placement;
    this.#group = group;
  }

  /** @throws LabError as launch() does */
  static async launch(options: RanksOptions): Promise<ModelRanks> {
    const { worldSize, placement, device, held, signal } = options;
    const isShared = placement === 'one-device';
    const heldBytes = isShared ? held.reduce((sum, bytes) => sum + bytes, 0) : (held[0] ?? 0);
    const group = await launchRanks<ModelWorker>({
      worldSize: isShared ? 1 : worldSize,
      device,
      softwareGpu: false,
      timeoutMs: TIMEOUT_MS,
      trace: 'off',
      memory: { arenaBytes: arenaFor(heldBytes) },
      ...(signal !== undefined && { signal }),
      program: () =>
        new Worker(new URL('../../rank/programs/model/model.rank.ts', import.meta.url), { type: 'module' }),
    });
    if (isShared) await group.all((worker) => worker.share(worldSize));
    return new ModelRanks(options, group);
  }

  /** By rank: of ranks on one device each has the same. */
  get devices(): readonly DeviceInfo[] {
    const { devices } = this.#group;
    return Array.from({ length: this.worldSize }, (_, rank) => devices[rank % devices.length] as DeviceInfo);
  }

  /** What each has for its collectives: nothing, where they are made on the device. */
  get windowBytes(): number {
    return this.placement === 'one-device' ? 0 : this.#group.windowBytes;
  }

  get closed(): boolean {
    return this.#group.closed;
  }

  /** As RankGroup.ended. */
  get ended(): AbortSignal {
    return this.#group.ended;
  }

  /**
   * Calls the program of every rank at once. @returns their answers, by rank
   * @throws LabError as RankGroup.all() does
   */
  async all<Method extends keyof ModelProgram>(
    method: Method,
    ...args: Parameters<ModelProgram[Method]>
  ): Promise<Awaited<ReturnType<ModelProgram[Method]>>[]> {
    const answers = await this.#group.all((worker) => worker.call(method, args));
    return answers.flat() as Awaited<ReturnType<ModelProgram[Method]>>[];
  }

  trace(): Promise<Span[]> {
    return this.#group.trace();
  }

  close(): Promise<void> {
    return this.#group.close();
  }
}
