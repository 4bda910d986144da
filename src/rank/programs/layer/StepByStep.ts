/**
 * Watches a pass one thing at a time: each is waited for before the next, so that it has a time of its own, and every
 * tensor is kept to be looked at. What a rank did is told from what its device and communicator recorded.
 */

import { type Recorder, type Span, spanName } from '../../../base/trace.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import { inPlace } from '../../../operations/operations.ts';
import type { Done, Observer } from '../../../parallel/RankPass.ts';
import type { LayerEvent } from '../../../protocol.ts';

/** What was done, and to which tensor. */
export interface SeenStep extends Done {
  readonly event: LayerEvent;
}

const CHANGING: readonly string[] = [...inPlace, 'all_reduce'];

export class StepByStep implements Observer {
  readonly seen: SeenStep[] = [];
  readonly #device: Device;
  readonly #recorder: Recorder;
  readonly #freed: Tensor[] = [];
  /** Of the first span of what is under way. */
  #mark = 0;

  /** @param recorder where `device` writes its spans; empty */
  constructor(device: Device, recorder: Recorder) {
    this.#device = device;
    this.#recorder = recorder;
  }

  begin(): void {
    this.#mark = this.#recorder.length;
  }

  async end(done: Done): Promise<void> {
    const mark = this.#mark;
    await this.#device.sync();
    this.seen.push({ ...done, event: eventOf(done, this.#recorder.since(mark), mark) });
  }

  freed(tensor: Tensor): void {
    this.#freed.push(tensor);
  }

  /** Frees what the pass did not need any more. */
  free(): void {
    this.#device.free(...this.#freed.splice(0));
  }
}

function eventOf({ kind, result, before }: Done, spans: readonly Span[], mark: number): LayerEvent {
  const call = spans.find((span) => span.kind === 'collective');
  const kernel = spans.find((span) => span.kind === 'op' || span.kind === 'batch');
  const gpu = spans.filter((span) => span.gpuMs !== undefined);
  const first = Math.min(...spans.map((span) => span.startMs));
  const end = Math.max(...spans.map((span) => span.endMs));
  const name = call?.collective ?? (kind === 'op' && kernel !== undefined ? spanName(kernel) : kind);
  return {
    name,
    flops: kernel?.flops ?? 0,
    elements: call?.length ?? before?.length ?? result.length,
    made: CHANGING.includes(name) ? 0 : result.length,
    ms: spans.length === 0 ? 0 : end - first,
    gpuMs: gpu.length === 0 ? null : sum(gpu, (span) => span.gpuMs ?? 0),
    waitMs: sum(spans, (span) => (span.kind === 'step' ? span.waitMs : 0)),
    spans: { start: mark, end: mark + spans.length },
  };
}

function sum(spans: readonly Span[], of: (span: Span) => number): number {
  return spans.reduce((total, span) => total + of(span), 0);
}
