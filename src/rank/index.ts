/** The library's face for a rank's worker. */

export { LabError } from '../base/errors.ts';
export type { Communicator } from '../comm/communicator.ts';
export type { Device, Tensor } from '../device/device.ts';
export type {
  AttentionConfig,
  BlockConfig,
  MlaConfig,
  MlpConfig,
  MoeConfig,
  VocabConfig,
} from '../math/plans/configs.ts';
export { ColumnParallelLinear } from '../parallel/ColumnParallelLinear.ts';
export {
  LinearPair,
  MultiHeadLatentAttention,
  ParallelAttention,
  ParallelLMHead,
  ParallelMLP,
  ParallelMoE,
  TransformerBlock,
  VocabParallelCrossEntropy,
  VocabParallelEmbedding,
} from '../parallel/layers.ts';
export { LayerNorm, RMSNorm } from '../parallel/norms.ts';
export { RowParallelLinear } from '../parallel/RowParallelLinear.ts';
export { type Weights, wholeWeights } from '../parallel/weights.ts';
export { type RankContext, serve } from './serve.ts';
