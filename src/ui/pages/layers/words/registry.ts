/** The words of every layer that a visitor may choose. */

import type { ChoiceId } from '#lab/layers/params.ts';
import type { BlockConfig } from '#program/configs.ts';
import type { ConfigOf, LayerName, LayerSpec } from '#program/layers.ts';
import { attentionWords } from './attention.ts';
import { blockWords } from './block.ts';
import { blockSequenceParallelWords } from './blockSequenceParallel.ts';
import { crossEntropyWords } from './crossEntropy.ts';
import { embeddingWords } from './embedding.ts';
import { mixtureOfExpertsWords } from './experts.ts';
import { languageModelHeadWords } from './languageModelHead.ts';
import { latentAttentionWords } from './latentAttention.ts';
import type { LayerWords } from './layerWords.ts';
import { linearPairWords } from './linearPair.ts';
import { mlpWords } from './mlp.ts';
import { parallelBlockWords } from './parallelBlock.ts';

type Words = { readonly [Name in LayerName]: LayerWords<ConfigOf<Name>> } & {
  readonly 'block-sp': LayerWords<BlockConfig>;
};

const WORDS: Words = {
  'linear-pair': linearPairWords,
  embedding: embeddingWords,
  head: languageModelHeadWords,
  'cross-entropy': crossEntropyWords,
  mlp: mlpWords,
  attention: attentionWords,
  moe: mixtureOfExpertsWords,
  mla: latentAttentionWords,
  block: blockWords,
  'block-sp': blockSequenceParallelWords,
  'parallel-block': parallelBlockWords,
};

export function wordsOf(choice: ChoiceId): LayerWords<LayerSpec['config']> {
  return WORDS[choice];
}
