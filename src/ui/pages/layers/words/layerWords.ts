/** What the page says of a layer, and what the words for several layers share. */

import type { ReactElement } from 'react';
import type { Pass } from '#program/configs.ts';
import type { LayerPlan } from '#program/plan.ts';
import { row, sub, under, words } from '#ui/components/formula.ts';
import type { Phrase } from '#ui/components/words.ts';

/** These are methods, so that the words for a layer of any configuration may stand in one list. */
export interface LayerWords<Config> {
  /** Of the sentence at the head of the page, where the label of the choice does not do. */
  readonly title?: string;
  /** What is cut, in that title. */
  cut(config: Config): string;
  /** The sentence: what each rank owns and does alone, for two ranks or more. */
  body(config: Config, plan: LayerPlan, pass: Pass): Phrase[];
  /** As its ranks r compute it. */
  readonly formula: ReactElement;
  /** What is cut, what is summed, and why nothing moves in between. */
  readonly text: string;
  /** The mistake that the layer is known for. */
  readonly trap: string;
  /** What it is called elsewhere. */
  readonly names: readonly { readonly where: string; readonly name: string }[];
  /** How often its collectives come in a whole model. */
  readonly counts: string;
}

export function namesElsewhere(
  torch: string,
  huggingFace: string,
  megatron: string,
): LayerWords<never>['names'] {
  return [
    { where: 'PyTorch', name: torch },
    { where: 'Hugging Face', name: huggingFace },
    { where: 'Megatron-LM', name: megatron },
  ];
}

export const PER_MODEL =
  'A model of L such blocks has 2·L + 1 all-reduces in a forward pass, the one more for its embedding, and 1 all-gather for its head.';

export const SUM = under('∑', 'r');

/** In a formula: "softmax". */
export function name(text: string): ReactElement {
  return words(`${text}\u2009`);
}

export function transposed(base: string, index: string): ReactElement {
  return row(sub(base, index), words('ᵀ'));
}
