/** How the tokens of a pass spread over the experts of a mixture: as the gate chose, or evenly before anybody knows. */

import type { MoeConfig } from './configs.ts';
import type { ModelConfig } from './modelConfig.ts';

/** How many tokens chose each expert. */
export type Routing = readonly number[];

/** What the gate of a mixture of experts chose in a pass; the same bits on every rank. */
export interface Chosen {
  readonly experts: number;
  /** `[T, experts]`: 0 where a token did not choose an expert. */
  readonly weights: Float32Array;
}

/** The tokens that chose each expert, in order. */
export function tokensByExpert({ experts, weights }: Chosen): number[][] {
  const chosen = Array.from({ length: experts }, (): number[] => []);
  for (const [at, weight] of weights.entries()) {
    if (weight !== 0) chosen[at % experts]?.push(Math.floor(at / experts));
  }
  return chosen;
}

export function routingOf(chosen: Chosen): Routing {
  return tokensByExpert(chosen).map((tokens) => tokens.length);
}

/** tokens · topK choices, spread as evenly as they go. */
export function evenRouting({ experts, topK }: MoeConfig, tokens: number): Routing {
  const choices = tokens * topK;
  return Array.from(
    { length: experts },
    (_, expert) => Math.floor(choices / experts) + (expert < choices % experts ? 1 : 0),
  );
}

/** The same of each mixture of a model, from the first layer to the last. */
export function evenRoutings({ blocks }: ModelConfig, tokens: number): Routing[] {
  return blocks.flatMap(({ count, block: { mlp } }) =>
    mlp.kind === 'moe' ? Array.from({ length: count }, () => evenRouting(mlp, tokens)) : [],
  );
}
