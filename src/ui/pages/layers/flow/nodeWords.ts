/** A box of the picture in words: its name for those who do not see it, and its tooltip for those who do. */

import type { Carrier } from '#collectives/algorithm.ts';
import { type LayerPlan, type PlannedStep, type PlannedTensor, tensorOf } from '#program/plan.ts';
import { bytesText, COLLECTIVE_NAMES, placementText, shapeText } from './flowWords.ts';
import type { FlowNode } from './layoutTypes.ts';
import { readsOf } from './made.ts';

const CARRIERS: Readonly<Record<Carrier, (ranks: number) => string>> = {
  ring: (ranks) => `Ring of ${ranks}`,
  'one-shot': (ranks) => `One-shot of ${ranks}`,
  'two-shot': (ranks) => `Two-shot of ${ranks}`,
  'one-device': (ranks) => `${ranks} ranks on one device`,
};

export function nodeLabel(
  plan: LayerPlan,
  node: FlowNode,
  step: PlannedStep | undefined,
  time: string,
): string {
  const tensor = tensorOf(plan, node.tensor);
  const where = node.rank === null ? '' : ` on rank ${node.rank}`;
  const took = time === '' ? '' : `, ${time}`;
  switch (node.kind) {
    case 'op': {
      const label = step?.kind === 'op' ? step.label : '';
      return `${label}${where}${took}. ${readsText(plan, step)}Opens ${tensor.label}`;
    }
    case 'collective': {
      if (step?.kind !== 'collective') return '';
      const { collective, carrier = 'ring' } = step;
      const read = readsText(plan, step).replace(/^Reads /, '');
      return `${COLLECTIVE_NAMES[collective]} of ${read}${CARRIERS[carrier](plan.worldSize)}${took}. Opens ${tensor.label}`;
    }
    case 'weight':
    case 'tensor':
      return `${tensor.label}${where}: ${detailsOf(tensor, node.rank ?? 0)}`;
    default:
      return node.kind satisfies never;
  }
}

/** "[16, 32], 2 KiB, sharded along dim 1: heads 8–15" */
export function detailsOf(tensor: PlannedTensor, rank: number): string {
  const shape = tensor.shapes[rank] ?? [];
  return `${shapeText(shape)}, ${bytesText(tensor, rank)}, ${placementText(tensor, rank)}`;
}

function readsText(plan: LayerPlan, step: PlannedStep | undefined): string {
  const labels = step === undefined ? [] : readsOf(step).map((id) => tensorOf(plan, id).label);
  return labels.length === 0 ? '' : `Reads ${[...new Set(labels)].join(', ')}. `;
}
