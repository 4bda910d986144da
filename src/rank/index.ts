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
export { LayerNorm } from '../parallel/LayerNorm.ts';
export { MultiHeadLatentAttention } from '../parallel/MultiHeadLatentAttention.ts';
export { ParallelAttention } from '../parallel/ParallelAttention.ts';
export { ParallelLMHead } from '../parallel/ParallelLMHead.ts';
export { ParallelMLP } from '../parallel/ParallelMLP.ts';
export { ParallelMoE } from '../parallel/ParallelMoE.ts';
export { RMSNorm } from '../parallel/RMSNorm.ts';
export { RowParallelLinear } from '../parallel/RowParallelLinear.ts';
export { TransformerBlock } from '../parallel/TransformerBlock.ts';
export { vocabParallelCrossEntropy } from '../parallel/VocabParallelCrossEntropy.ts';
export { VocabParallelEmbedding } from '../parallel/VocabParallelEmbedding.ts';
export { type Weights, wholeWeights } from '../parallel/weights.ts';
export { type RankContext, serve } from './serve.ts';
