/** What lights up with a box: the tensors that its step reads, as the plan declares them, on the same rank. */

import { type LayerPlan, stepsOf } from '#program/plan.ts';
import type { FlowNode, FlowRow } from './layoutTypes.ts';
import { readsOf } from './made.ts';

export function litBy(plan: LayerPlan, rows: readonly FlowRow[], key: string): FlowNode[] {
  const row = rows.find(({ nodes }) => nodes.some((node) => node.key === key));
  const node = row?.nodes.find((one) => one.key === key);
  const step = row === undefined ? undefined : stepsOf(plan)[row.step];
  if (row === undefined || node === undefined || step === undefined || node.kind === 'weight') return [];
  const reads = readsOf(step);
  const isNear = ({ rank }: FlowNode): boolean => rank === null || node.rank === null || rank === node.rank;
  return rows.flatMap((other) =>
    other.nodes.filter(
      (one) =>
        isNear(one) &&
        reads.includes(one.tensor) &&
        one.key !== key &&
        // A weight that several operations read is drawn at each: its own is meant.
        (one.kind === 'tensor' || (one.kind === 'weight' && other === row)),
    ),
  );
}
