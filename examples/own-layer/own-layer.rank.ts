/** A rank of the gated layer: ProgramLayer runs any program. */

import {
  ProgramLayer,
  planOf,
  type RankContext,
  serve,
  type TensorsByName,
  wholeWeights,
} from 'ringside/rank';
import { gated } from './gated.ts';

export function program(context: RankContext) {
  const { device, worldSize } = context;
  const layer = new ProgramLayer(context, (tokens) => gated(worldSize, tokens));
  return {
    /** The rank takes its own parts of them. */
    load: (weights: TensorsByName) => layer.load(wholeWeights(weights)),
    plan: (tokens: number) => planOf(layer.program(tokens), { position: 0 }),
    /** x `[tokens, 64]` → y, the same bits on every rank. */
    async forward(values: Float32Array, tokens: number) {
      const x = device.tensor(values, [tokens, 64]);
      const y = await layer.run({ x }, tokens);
      const result = await device.read(y);
      device.free(x, y);
      return result;
    },
  };
}

serve(program);
