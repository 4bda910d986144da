/** The two halves of a block, each of several kinds: an attention, and an MLP or a mixture of experts. */

import { LabError } from '../base/errors.ts';
import { attentionFields, attentionPartial } from './attention.ts';
import type { BlockConfig } from './configs.ts';
import { choice, type Definition, HIDDEN, within } from './definition.ts';
import { expertsFields, mixtureOfExpertsPartial, namesOfExperts } from './experts.ts';
import { latentAttentionFields, latentAttentionPartial } from './latentAttention.ts';
import { mlpBias, mlpFields, mlpPartial } from './mlp.ts';
import { layerNorm, rmsNorm } from './norm.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';
import { type ScaleLimits, shrinkAttention, shrinkMla, shrinkMlp, shrinkMoe } from './shrink.ts';

const NORM = choice(
  'norm',
  'Norm',
  [
    { value: 'rms', label: 'RMSNorm' },
    { value: 'layer', label: 'LayerNorm' },
  ],
  { hint: 'LayerNorm takes the mean off first, and has a bias', absent: 'rms' },
);

type TwoHalves = Pick<BlockConfig, 'attention' | 'mlp'>;

/** @throws LabError `input` unless both are equally wide */
export function checkHalves(layer: string, { attention, mlp }: TwoHalves): void {
  if (attention.hidden === mlp.hidden) return;
  throw new LabError(
    'input',
    `${layer}: attention is ${attention.hidden} wide and the MLP ${mlp.hidden}; both need the same hidden.`,
  );
}

/** The block's norm of x `[M, hidden]` → the same. @param name of its weights */
export function blockNorm(
  b: ProgramBuilder,
  id: string,
  x: Value,
  name: string,
  { attention, norm = 'rms', normEpsilon }: TwoHalves & Pick<BlockConfig, 'norm' | 'normEpsilon'>,
): Value {
  const write = norm === 'rms' ? rmsNorm : layerNorm;
  return write(b, { id, label: 'norm(x)' }, x, { name, width: attention.hidden, epsilon: normEpsilon });
}

/** x `[T, hidden]` → `[T, hidden]`, a partial. */
export function attentionHalf(
  b: ProgramBuilder,
  x: Value,
  { attention }: TwoHalves,
  positions: number,
): Value {
  return b.within('self_attn', () =>
    attention.kind === 'attention'
      ? attentionPartial(b, x, attention, positions)
      : latentAttentionPartial(b, x, attention, positions),
  );
}

/** x `[T, hidden]` → `[T, hidden]`, a partial, without the bias that waits for the sum. */
export function mlpHalf(b: ProgramBuilder, x: Value, { mlp }: TwoHalves): Value {
  return b.within(mlpName(mlp), () =>
    mlp.kind === 'mlp' ? mlpPartial(b, x, mlp) : mixtureOfExpertsPartial(b, x, mlp),
  );
}

/** What the names of its weights begin with. */
export function mlpName(mlp: BlockConfig['mlp']): string {
  return mlp.kind === 'mlp' ? 'mlp' : namesOfExperts(mlp).half;
}

/** The bias of an MLP, once its partials are summed. */
export function mlpHalfBias(b: ProgramBuilder, sum: Value, { mlp }: TwoHalves): Value {
  return mlp.kind === 'mlp' ? b.within('mlp', () => mlpBias(b, sum, mlp)) : sum;
}

export function shrinkHalves<T extends TwoHalves>(config: T, divisor: number, limits: ScaleLimits): T {
  const { attention, mlp } = config;
  return {
    ...config,
    attention:
      attention.kind === 'attention'
        ? shrinkAttention(attention, divisor, limits)
        : shrinkMla(attention, divisor, limits),
    mlp: mlp.kind === 'mlp' ? shrinkMlp(mlp, divisor) : shrinkMoe(mlp, divisor, limits),
  };
}

/** The width of both, the norm, and what each half has beside these. */
export function blockFields({ attention, mlp }: TwoHalves): Definition[] {
  return [
    { ...HIDDEN, at: ['attention.hidden', 'mlp.hidden'] },
    NORM,
    ...within('attention', attention.kind === 'attention' ? attentionFields : latentAttentionFields),
    ...within('mlp', mlp.kind === 'mlp' ? mlpFields : expertsFields),
  ];
}
