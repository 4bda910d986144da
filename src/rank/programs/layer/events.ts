/** From what the device did to what crosses to the page. */

import type { Span } from '../../../base/trace.ts';
import { inPlace } from '../../../device/operations.ts';
import type { DeviceEvent } from '../../../device/steppedDevice.ts';
import type { LayerEvent } from '../../../protocol.ts';

const CHANGING: readonly string[] = [...inPlace, 'all_reduce'];

/** Spans are counted from where the recorder was when the pass began: it was empty. */
export function toLayerEvent({ name: done, flops, result, spans, mark, before }: DeviceEvent): LayerEvent {
  const call = spans.find((span) => span.call !== undefined);
  const gpu = spans.filter((span) => span.gpuMs !== undefined);
  const first = Math.min(...spans.map((span) => span.startMs));
  const end = Math.max(...spans.map((span) => span.endMs));
  const name = done === 'collective' ? (call?.name ?? done) : done;
  return {
    name,
    flops,
    elements: call?.call?.length ?? before?.length ?? result.length,
    made: CHANGING.includes(name) ? 0 : result.length,
    ms: spans.length === 0 ? 0 : end - first,
    gpuMs: gpu.length === 0 ? null : sum(gpu, (span) => span.gpuMs ?? 0),
    waitMs: sum(spans, (span) => span.step?.waitMs ?? 0),
    spans: { start: mark, end: mark + spans.length },
  };
}

function sum(spans: readonly Span[], of: (span: Span) => number): number {
  return spans.reduce((total, span) => total + of(span), 0);
}
