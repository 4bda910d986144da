/** A layer as all speak of it who are not its program: a page, a plan, a rank that runs whatever it is asked for. */

import type { BlockConfig } from './configs.ts';
import type { Definition } from './definition.ts';
import type { ModelConfig } from './modelConfig.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';
import type { ScaleLimits } from './shrink.ts';

/**
 * Everything about a layer that is no word on the page, beside the function that writes its program. layers.ts lists
 * them. These are methods, not properties, so that a layer of any configuration may stand in that list.
 */
export interface Layer<Name extends string, Config> {
  /** For links, golden files and specs: "cross-entropy". */
  readonly name: Name;
  /** For people: "Cross entropy". */
  readonly label: string;
  /** Whether it keeps tokens of earlier passes. */
  readonly caches: boolean;
  /** That of a model, of several kinds the one that it has most of; null where it has none: Llama has no experts. */
  configOf(model: ModelConfig): Config | null;
  /** A smaller one: widths by the divisor, counts within the limits, ratios kept. */
  shrink(config: Config, divisor: number, limits: ScaleLimits): Config;
  /** What a visitor may change, in the order in which controls show it. */
  fields(config: Config): readonly Definition[];
  /** The attention and the MLP that it is, or is made of; neither where left out. */
  halves?(config: Config): Partial<Halves>;
  /** Its inputs and its program. @param positions the longest sequence, which a cache has room for */
  write(b: ProgramBuilder, config: Config, positions: number): Value;
}

export interface Halves {
  readonly attention: BlockConfig['attention'] | null;
  readonly mlp: BlockConfig['mlp'] | null;
}

/** x `[T, hidden]`, the input of most layers. */
export function rowsInput(b: ProgramBuilder, { hidden }: { readonly hidden: number }): Value {
  return b.input('x', [b.tokens, hidden]);
}
