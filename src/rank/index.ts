/** The library's face for a rank's worker: serve(), the layers, what they are made of, and what a layer of one's own needs. */

export { LabError, type LabErrorCode } from '../base/errors.ts';
export type { Recorder, Span, TraceChoice } from '../base/trace.ts';
export { parseSafetensors, type Safetensors } from '../checkpoint/safetensors.ts';
export type { ReduceOp } from '../collectives/kinds.ts';
// Its place in the group, and the collectives.
export type { AllReduceOptions, Communicator } from '../comm/communicator.ts';
// What it computes with.
export type {
  AttentionOptions,
  Device,
  DeviceInfo,
  DeviceKind,
  GateOptions,
  GeluForm,
  OperationName,
  Operations,
  RopeOptions,
  Tensor,
} from '../device/device.ts';
export { type CreateProgram, type RankContext, serve } from '../host/serve.ts';
export { lengthOf, type Range, shardRange, shardRanges } from '../numerics/ranges.ts';
// The layers.
export { ColumnParallelLinear, type ColumnParallelOptions } from '../parallel/ColumnParallelLinear.ts';
export type { Collectives, ReduceOptions } from '../parallel/collectives.ts';
export { type ParallelContext, parallelContext } from '../parallel/context.ts';
export { KVCache } from '../parallel/KVCache.ts';
export {
  LinearPair,
  MultiHeadLatentAttention,
  ParallelAttention,
  ParallelLMHead,
  ParallelMLP,
  ParallelMoE,
  SpecLayer,
  TransformerBlock,
  VocabParallelCrossEntropy,
  VocabParallelEmbedding,
} from '../parallel/layers.ts';
export { LayerNorm, RMSNorm } from '../parallel/norms.ts';
export { ProgramLayer } from '../parallel/ProgramLayer.ts';
export type { Done, Inputs, Observer } from '../parallel/RankPass.ts';
export type { RankStorage } from '../parallel/RankStorage.ts';
export { RowParallelLinear, type RowParallelOptions } from '../parallel/RowParallelLinear.ts';
export { type TensorsByName, type Weights, wholeWeights } from '../parallel/weights.ts';
// A layer of one's own: a program, written with a builder from operations, collectives and whole layers.
export { attention } from '../program/attention.ts';
export { block } from '../program/block.ts';
// The sizes of layers, and the cuts of their weights.
export type {
  AttentionConfig,
  BlockConfig,
  LinearPairConfig,
  MlaConfig,
  MlpConfig,
  MoeConfig,
  RopeConfig,
  RopeScaling,
  VocabConfig,
} from '../program/configs.ts';
export { type Cut, cutOf, evenCut, rangeOf, withWidth } from '../program/cuts.ts';
export { mixtureOfExperts } from '../program/experts.ts';
export { latentAttention } from '../program/latentAttention.ts';
export { type LayerSpec, layerProgram } from '../program/layers.ts';
export type { Made, MadeFields } from '../program/lifted.ts';
export {
  biasAfterSum,
  columnSplit,
  type LinearWeights,
  linear,
  ownColumns,
  rowSplit,
} from '../program/linear.ts';
export { linearPair } from '../program/linearPair.ts';
export { mlp } from '../program/mlp.ts';
export { layerNorm, type NormWeights, rmsNorm } from '../program/norm.ts';
export { type ProgramBuilder, programBuilder, type WeightOptions } from '../program/ProgramBuilder.ts';
export { type ParallelBlockConfig, parallelBlock } from '../program/parallelBlock.ts';
export {
  type CollectiveCost,
  type Cost,
  costOf,
  type LayerPlan,
  type PlannedCollective,
  type PlannedOp,
  type PlannedStep,
  type PlannedStorage,
  type PlannedTensor,
} from '../program/plan.ts';
export { type PassAt, planLayer, planOf } from '../program/planOf.ts';
export {
  type At,
  own,
  type Part,
  type Placement,
  type Program,
  partial,
  replicated,
  type Stage,
  type Step,
  type Stored,
  sharded,
  type Value,
} from '../program/program.ts';
export { crossEntropy, embedding, languageModelHead } from '../program/vocabulary.ts';
