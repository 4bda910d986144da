/** What one change of the question would do to a layout: which of them is worth its price. */

import { bestFabric, FABRICS, NETWORKS } from '../machines/fabrics.ts';
import type { Layout } from './layout.ts';
import type { CountedModel, Weight } from './model/parts.ts';
import { type Plan, planOf } from './plan.ts';
import type { Question } from './question.ts';

export type WhatIfId =
  | 'link'
  | 'network'
  | 'weights-8'
  | 'weights-4'
  | 'cache'
  | 'context'
  | 'sequences'
  | 'one-sequence';

export interface WhatIf {
  readonly id: WhatIfId;
  /** "the weights had 8 bits" */
  readonly words: string;
  readonly plan: Plan;
}

const LONG = 131_072;

/** Only changes that change something: none for a link that is the best there is. */
export function whatIfs(question: Question, layout: Layout): WhatIf[] {
  const { model, machine, load } = question;
  const found: WhatIf[] = [];
  const add = (id: WhatIfId, words: string, changed: Partial<Question>): void => {
    found.push({ id, words, plan: planOf({ ...question, ...changed }, layout) });
  };
  const { gpu, perNode, nodes, fabric, network, measured } = machine;
  const best = FABRICS.find(({ id }) => id === bestFabric(gpu, perNode));
  const quickest = NETWORKS[0];
  if (perNode > 1 && best !== undefined && best.id !== fabric.id && measured == null)
    add('link', `the GPUs of a node had ${best.id === 'nvlink' ? gpu.linkName : best.label}`, {
      machine: { ...machine, fabric: best },
    });
  if (nodes > 1 && quickest !== undefined && (network?.id !== quickest.id || machine.ports < perNode))
    add('network', `each GPU had a port of ${quickest.label}`, {
      machine: { ...machine, network: quickest, ports: perNode },
    });
  add('sequences', 'there were twice the sequences', { load: { ...load, sequences: 2 * load.sequences } });
  if (load.work === 'train') return found;
  for (const bits of [8, 4] as const) {
    const narrow = storedIn(model, bits);
    if (narrow !== null) add(`weights-${bits}`, `the weights had ${bits} bits`, { model: narrow });
  }
  if (load.cacheBytes > 1) add('cache', 'the cache had 8 bits', { load: { ...load, cacheBytes: 1 } });
  const long = Math.min(LONG, model.maxPositions);
  if (load.prompt + load.answer < long)
    add('context', `sequences had ${long.toLocaleString('en')} tokens`, {
      load: { ...load, prompt: long - load.answer },
    });
  if (load.sequences > 1) add('one-sequence', 'there was only one', { load: { ...load, sequences: 1 } });
  return found;
}

/**
 * Bytes a number: of 4 bits with a scale in float16 and a zero point of 4 bits for each 128, as AWQ and GPTQ have them; of 8
 * with none that counts.
 */
const BYTES = { 8: 1, 4: 0.5 + 2.5 / 128 } as const;

/** The model with so many bits for all matrices that have more, but for embedding and head; null where none has. */
export function storedIn(model: CountedModel, bits: 8 | 4): CountedModel | null {
  let changed = false;
  const narrowed = (weight: Weight): Weight => {
    const most = weight.out * weight.in * weight.copies * BYTES[bits];
    if (weight.kind !== 'matrix' || weight.bytes <= 1.05 * most) return weight;
    changed = true;
    return { ...weight, bytes: most };
  };
  const layers = model.layers.map((layer) => ({ ...layer, weights: layer.weights.map(narrowed) }));
  return changed ? { ...model, layers } : null;
}
