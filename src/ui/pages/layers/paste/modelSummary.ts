/** What a pasted model is, in a line of facts. */

import { modelCost } from '#models/modelPlan.ts';
import type { IndexerConfig, ModelConfig } from '#program/modelConfig.ts';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatCount } from '#ui/format.ts';
import { groupInWords } from '../lead/collectiveWords.ts';

export interface Fact {
  readonly label: string;
  readonly text: string;
}

export function factsOf(model: ModelConfig): Fact[] {
  const { blocks, hidden, vocab, tiedEmbeddings, maxPositions, weightBytes, indexer } = model;
  const [whole] = modelCost(model, 1, { tokens: 1, past: 0 }).ranks;
  const parameters = whole?.weightElements ?? 0;
  return [
    { label: 'parameters', text: `${inBillions(parameters)} (${formatCount(parameters)})` },
    { label: 'layers', text: layersOf(model) },
    { label: 'hidden width', text: formatCount(hidden) },
    { label: 'attention', text: attentionOf(blocks[0]?.block.attention) },
    ...(indexer === null ? [] : [{ label: 'indexer', text: indexerOf(indexer) }]),
    {
      label: 'vocabulary',
      text: `${formatCount(vocab)}${tiedEmbeddings ? ', table shared with the head' : ''}`,
    },
    { label: 'longest context', text: `${formatCount(maxPositions)} tokens` },
    {
      label: 'a weight',
      text: `${counted(weightBytes, 'byte')}, ${formatBytes(parameters * weightBytes)} in all`,
    },
  ];
}

/** "33 all-reduces of 4 KiB each and 1 all-gather of 251 KiB" */
export function collectivesOf(model: ModelConfig): string {
  const { collectives } = modelCost(model, 2, { tokens: 1, past: 0 });
  return collectives.map(groupInWords).join(' and ');
}

/** What the bytes of weights, cache and collectives are those of. */
export function bytesInWords({ quantization, indexer }: ModelConfig): string {
  const keys = indexer === null ? '' : ', but for the indexer’s keys in float8';
  return `${weightsInWords(quantization)} The cache and what is sent are in bfloat16${keys}.`;
}

function weightsInWords(quantization: ModelConfig['quantization']): string {
  if (quantization === null) return 'Weights are as published.';
  const { method, weightBytes } = quantization;
  if (weightBytes === null) {
    return `This file quantises its weights by ${method} in a way that is not read here: their bytes are those of the unquantised model.`;
  }
  return `Every weight counts ${counted(weightBytes, 'byte')}, as ${method} stores it; scales, and weights that stay wider, are counted in the table alone.`;
}

/** 1.24 B: as models are named. */
export function inBillions(parameters: number): string {
  if (parameters < 1e6) return formatCount(parameters);
  const [scale, unit] = parameters < 1e9 ? [1e6, 'M'] : [1e9, 'B'];
  return `${Number((parameters / scale).toPrecision(3))} ${unit}`;
}

function layersOf({ blocks }: ModelConfig): string {
  const all = blocks.reduce((sum, { count }) => sum + count, 0);
  const moe = blocks.find(({ block }) => block.mlp.kind === 'moe')?.block.mlp;
  if (moe?.kind !== 'moe') return String(all);
  const sparse = blocks.reduce((sum, { count, block }) => sum + (block.mlp.kind === 'moe' ? count : 0), 0);
  const experts = `${counted(moe.experts, 'expert')}, ${moe.topK} a token`;
  const shared = moe.sharedExperts > 0 ? ` and ${moe.sharedExperts} shared` : '';
  return `${all}, ${sparse === all ? 'each' : `${sparse} of them`} with ${experts}${shared}`;
}

function attentionOf(attention: ModelConfig['blocks'][number]['block']['attention'] | undefined): string {
  if (attention === undefined) return 'none';
  if (attention.kind === 'mla')
    return `${counted(attention.heads, 'head')}, latent (${attention.kvLoraRank} + ${attention.ropeDim})`;
  const { heads, kvHeads, headDim } = attention;
  const grouped = kvHeads === heads ? '' : `, ${counted(kvHeads, 'key/value head')}`;
  return `${counted(heads, 'head')}${grouped}, ${headDim} columns each`;
}

function indexerOf({ heads, headDim, topK }: IndexerConfig): string {
  return `${counted(heads, 'head')} of ${headDim}, whole on every rank, choosing ${formatCount(topK)} tokens`;
}
