/** Predicted against measured: what a rank's log says, step by step and in sums, beside what the plan said it would. */

import { type Cost, elementsOf, type LayerPlan, type Occurrence, sequenceOf, tensorOf } from './plan.ts';

/** What a rank tells of one thing that it did. */
export interface MeasuredEvent {
  readonly name: string;
  readonly flops: number;
  /** Of its result; of the whole buffer of a collective. */
  readonly elements: number;
}

/** Where plan and log part. Either may be null: one of them goes on when the other has ended. */
export interface Difference {
  readonly rank: number;
  /** Position in the rank's sequence. */
  readonly at: number;
  readonly planned: string | null;
  readonly measured: string | null;
}

/** Every position at which `events` are not what the plan has for `rank`; none where they agree exactly. */
export function differences(plan: LayerPlan, rank: number, events: readonly MeasuredEvent[]): Difference[] {
  const sequence = sequenceOf(plan, rank);
  const found: Difference[] = [];
  for (let at = 0; at < Math.max(sequence.length, events.length); at++) {
    const occurrence = sequence[at];
    const planned = occurrence === undefined ? null : plannedEvent(occurrence, plan, rank);
    const measured = events[at] ?? null;
    if (planned !== null && measured !== null && agree(planned, measured)) continue;
    found.push({ rank, at, planned: planned && describe(planned), measured: measured && describe(measured) });
  }
  return found;
}

/** The fields of two costs that are not equal, in words; none where all are. */
export function costDifferences(predicted: Cost, measured: Cost): string[] {
  const fields = ['flops', 'weightBytes', 'kvBytes', 'activationBytes'] as const;
  const found = fields
    .filter((field) => predicted[field] !== measured[field])
    .map((field) => `${field}: predicted ${predicted[field]}, measured ${measured[field]}`);
  const list = ({ collectives }: Cost): string =>
    collectives
      .map(({ kind, bytes, wireBytes }) => `${kind} of ${bytes} B, ${wireBytes} B sent`)
      .join('; ') || 'none';
  if (list(predicted) !== list(measured)) {
    found.push(`collectives: predicted ${list(predicted)}; measured ${list(measured)}`);
  }
  return found;
}

/** Elements are null where the plan leaves them open: rounds of a loop share one tensor, and each makes some of its rows. */
type PlannedEvent = Omit<MeasuredEvent, 'elements'> & { readonly elements: number | null };

function plannedEvent({ step, run }: Occurrence, plan: LayerPlan, rank: number): PlannedEvent {
  if (step.kind === 'collective') return { name: step.collective, flops: 0, elements: step.length };
  const open = step.output === null || step.loop !== null;
  const shape = open ? null : (tensorOf(plan, step.output ?? '').shapes[rank] ?? []);
  return {
    name: step.op,
    flops: step.runs[rank]?.[run] ?? 0,
    elements: shape === null ? null : elementsOf(shape),
  };
}

function agree(planned: PlannedEvent, measured: MeasuredEvent): boolean {
  return (
    planned.name === measured.name &&
    planned.flops === measured.flops &&
    (planned.elements === null || planned.elements === measured.elements)
  );
}

function describe({ name, flops, elements }: PlannedEvent): string {
  return `${name}${elements === null ? '' : ` of ${elements} elements`}, ${flops} FLOP`;
}
