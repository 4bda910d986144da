/** What each layer computes, what of it is cut, and where people trip. */

import type { ReactElement } from 'react';
import type { ChoiceId } from '../../../../lab/layers/params.ts';
import { FORMULAS } from './formulas.ts';

export interface Card {
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

function names(torch: string, huggingFace: string, megatron: string): Card['names'] {
  return [
    { where: 'PyTorch', name: torch },
    { where: 'Hugging Face', name: huggingFace },
    { where: 'Megatron-LM', name: megatron },
  ];
}

const PER_MODEL =
  'A model of L such blocks has 2·L + 1 all-reduces in a forward pass, the one more for its embedding, and 1 all-gather for its head.';

const TEXTS: Readonly<Record<ChoiceId, Omit<Card, 'formula'>>> = {
  'linear-pair': {
    text: 'A is cut by columns and B by rows. A rank’s columns of h are just the rows of B that it owns, so nothing moves between the two products. Each rank then has a partial of the whole y, and one all-reduce adds them up.',
    trap: 'The bias of B is added after the sum. A rank that adds it to its partial, as F.linear(x, weight, bias) before the all-reduce does, adds it p times.',
    names: names(
      'ColwiseParallel, RowwiseParallel',
      'colwise, rowwise',
      'ColumnParallelLinear, RowParallelLinear',
    ),
    counts: 'Every MLP and every attention is such a pair with something in between: one all-reduce each.',
  },
  embedding: {
    text: 'The table is cut by rows: each rank owns a range of ids. It looks up the ids in its range and leaves zeros for the others, so that the all-reduce adds one rank’s row to zeros, which is exact.',
    trap: 'An id of another rank must not be looked up at all: it is masked first, and its row set to zero afterwards. Without the mask it reads another row, or past the end of the table.',
    names: names('RowwiseParallel on nn.Embedding', 'embed_tokens', 'VocabParallelEmbedding'),
    counts: 'Once in a model: 1 all-reduce of tokens × hidden.',
  },
  head: {
    text: 'The head is a column split over the vocabulary, often with the embedding’s table. Each rank’s logits are finished; there is nothing to sum. An all-gather puts them side by side, and while generating only those of the last position are needed.',
    trap: 'The vocabulary is padded so that it divides: Megatron-LM rounds up to 128·p, vLLM to 64. Padded rows are no words, so their logits must be −∞, or one day one of them wins the argmax.',
    names: names(
      'ColwiseParallel on lm_head',
      'lm_head, colwise_rep',
      'ColumnParallelLinear as output_layer',
    ),
    counts: 'Once in a model: 1 all-gather, the only one of a forward pass.',
  },
  'cross-entropy': {
    text: 'The logits stay cut over the vocabulary. A softmax needs their largest and the sum of their exponentials, and the loss the target’s logit: three all-reduces of one number a token, however large the vocabulary.',
    trap: 'To gather the logits first would be right too, and move tokens × vocabulary numbers in place of three a token. The target’s logit is 0 on all ranks but the one that owns it.',
    names: names('loss_parallel()', 'not split', 'vocab_parallel_cross_entropy'),
    counts:
      'While training only: 3 all-reduces forward, 0 backward, as the gradient softmax − onehot is local.',
  },
  mlp: {
    text: 'gate and up are column splits, down is a row split. silu and the product work element by element, on a rank’s own columns of both, so that nothing moves before the last product.',
    trap: 'Where gate and up are stored as one weight, it is cut inside each half: rank r takes slice r of gate and slice r of up. Cut across the seam, half of the ranks would have only gates.',
    names: names(
      'ColwiseParallel, RowwiseParallel',
      'gate_proj, up_proj, down_proj',
      'linear_fc1 (gate and up merged), linear_fc2',
    ),
    counts: PER_MODEL,
  },
  attention: {
    text: 'A head needs only its own q, k and v, so heads are dealt out: q, k and v are column splits, RoPE, KV cache and softmax never leave the rank, and o is a row split. One all-reduce adds up what the heads of all ranks contribute.',
    trap: 'With grouped queries there are fewer key/value heads than ranks before long. Then p ÷ KV ranks hold a copy of the same one, and from there on more ranks do not make the cache of a rank smaller.',
    names: names(
      'ColwiseParallel, RowwiseParallel',
      'q_proj, k_proj, v_proj, o_proj',
      'linear_qkv, linear_proj',
    ),
    counts: PER_MODEL,
  },
  moe: {
    text: 'Every rank has the gate and comes to the same choice for every token. Experts are dealt out in blocks; each rank runs its own on the tokens that chose them and leaves zeros elsewhere, so that one all-reduce gives each token the sum of its experts.',
    trap: 'The gate decides how much work a rank has. Where many tokens choose the experts of one rank, all others wait for it in the all-reduce. DeepSeek’s bias on the scores only selects: the weights come from the scores without it.',
    names: names('no plan of its own', 'experts, block_sparse_moe', 'MoELayer, expert model parallel'),
    counts:
      'DeepSeek-V3 sums routed and shared experts apart: 1 + 61 + 3 + 2·58 = 181 all-reduces and 1 all-gather. V3.2 adds the partials first: 123.',
  },
  mla: {
    text: 'Keys and values of all heads come from one short latent vector of each token. The projections to latents are small and on every rank; those from latents are column splits by heads, o is a row split, and one all-reduce is left.',
    trap: 'If the cache holds latents, it is the same on every rank: more ranks do not make it smaller. And DeepSeek’s code asserts that columns divide, not heads: the 16 heads of DeepSeek-V2-Lite pass on 32 ranks, 96 query columns each, and break in a later view of 16 // 32 = 0 heads.',
    names: names('no plan of its own', 'q_b_proj, kv_b_proj, kv_a_proj_with_mqa', 'MLASelfAttention'),
    counts: 'In DeepSeek-V3 61 of the 181 all-reduces are of attention.',
  },
  block: {
    text: 'Two pairs of column and row splits, each ended by an all-reduce. Norms and residuals need whole rows of x, so every rank does them all; that is little work, and it keeps x the same everywhere.',
    trap: 'All ranks must hold the same bits of x, or their residuals drift apart unnoticed. A ring that adds in the same order for everybody gives them that.',
    names: names('parallelize_module', 'decoder layer, base_model_tp_plan', 'TransformerLayer'),
    counts: PER_MODEL,
  },
  'block-sp': {
    text: 'Each all-reduce is taken apart into its halves. After the reduce-scatter a rank holds the sums of its own tokens only, does their norm and residual alone, and an all-gather brings the tokens together before the next product.',
    trap: 'It saves memory and not bytes: a ring all-reduce is a reduce-scatter and an all-gather anyway. What shrinks to 1/p are the activations in between, which training has to keep.',
    names: names('SequenceParallel', 'sequence_parallel', '--sequence-parallel'),
    counts: '2 reduce-scatters and 2 all-gathers a block, with the bytes of its 2 all-reduces.',
  },
};

export const CARDS: ReadonlyMap<ChoiceId, Card> = new Map(
  (Object.keys(TEXTS) as ChoiceId[]).map((id) => [id, { ...TEXTS[id], formula: FORMULAS[id] }]),
);
