/** What is written beside each bug: what it does, its line in PyTorch and the mended one, and where it was reported. */

import type { ExhibitId } from '#program/museum.ts';

export interface ExhibitWords {
  readonly title: string;
  /** What goes wrong; terms of the glossary may be marked. */
  readonly text: string;
  /** Why it was not seen. */
  readonly hidden: string;
  readonly wrong: readonly string[];
  readonly right: readonly string[];
  readonly reported: { readonly where: string; readonly url: string };
}

const github = (repository: string, number: number, kind: 'issues' | 'pull'): ExhibitWords['reported'] => ({
  where: `${repository} #${number}`,
  url: `https://github.com/${repository}/${kind}/${number}`,
});

export const EXHIBIT_WORDS: Readonly<Record<ExhibitId, ExhibitWords>> = {
  bias: {
    title: 'The bias on every rank',
    text: 'Each rank adds the whole bias to its [[partial]], and the [[all-reduce]] counts it four times.',
    hidden: 'On one rank once is once; and with small biases the model only gets a little worse.',
    wrong: ['y = F.linear(h, self.weight, self.bias)', 'dist.all_reduce(y)'],
    right: ['y = F.linear(h, self.weight)', 'dist.all_reduce(y)', 'y = y + self.bias'],
    reported: github('huggingface/text-generation-inference', 1036, 'issues'),
  },
  forgotten: {
    title: 'The all-reduce forgotten',
    text: 'A flag says that somebody else sums, and nobody does: each rank goes on with its own [[partial]]. The ranks do not even agree.',
    hidden: 'All shapes are right: a partial is as large as the sum.',
    wrong: ['y = F.linear(h, self.weight)', 'return y  # reduce_results=False'],
    right: ['y = F.linear(h, self.weight)', 'dist.all_reduce(y)', 'return y'],
    reported: github('vllm-project/vllm-gaudi', 1451, 'pull'),
  },
  'summed-twice': {
    title: 'Summed, though it was whole',
    text: 'The layer was never told how many [[rank]]s there are, so each computes all of it; the next one sums them all the same. Y is four times too large.',
    hidden: 'A [[norm]] comes next, and takes out most of a factor.',
    wrong: ['y = self.down(F.silu(self.up(x)))  # tp_size was left at 1', 'dist.all_reduce(y)'],
    right: ['y = self.down(F.silu(self.up(x)))  # tp_size=dist.get_world_size()', 'dist.all_reduce(y)'],
    reported: github('lightseekorg/tokenspeed', 80, 'pull'),
  },
  residual: {
    title: 'The residual before the sum',
    text: 'To fuse two kernels, the [[residual]] x joins each rank’s [[partial]] before the [[all-reduce]], which counts it four times.',
    hidden: 'The fused kernel is right, and so is the sum; only their order is not.',
    wrong: ['y = F.linear(h, self.weight) + x', 'dist.all_reduce(y)'],
    right: ['y = F.linear(h, self.weight)', 'dist.all_reduce(y)', 'y = y + x'],
    reported: github('mirage-project/mirage', 722, 'pull'),
  },
  seam: {
    title: 'gate|up cut across the seam',
    text: 'gate and up lie in one weight, one below the other. Cut into four, ranks 0 and 1 have gate twice, ranks 2 and 3 have up twice: silu(gate)·up pairs the wrong columns.',
    hidden: 'Nothing is missing and every shape is right.',
    wrong: ['w = shard(gate_up, dim=0)', 'gate, up = F.linear(x, w).chunk(2, dim=-1)'],
    right: [
      'gate, up = (shard(w, dim=0) for w in gate_up.chunk(2))',
      'gate, up = F.linear(x, gate), F.linear(x, up)',
    ],
    reported: github('NVIDIA-NeMo/Automodel', 1324, 'pull'),
  },
  norm: {
    title: 'The norm over a rank’s share',
    text: 'The [[norm]] divides by the mean over the columns that this [[rank]] has, and not over all: each [[shard]] gets a scale of its own.',
    hidden: 'The means of large shards are nearly alike; with few columns a rank they are not.',
    wrong: ['h = F.rms_norm(h, h.shape[-1:], shard(self.norm, dim=0))'],
    right: [
      'square = h.square().sum(-1, keepdim=True)',
      'dist.all_reduce(square)',
      'h = h * torch.rsqrt(square / self.width + eps) * shard(self.norm, dim=0)',
    ],
    reported: github('EleutherAI/gpt-neox', 1424, 'pull'),
  },
  'kv-head': {
    title: 'The wrong key/value head',
    text: 'There are two [[key/value head]]s for four [[rank]]s, so two ranks share one. They are dealt out in turn, 0 1 0 1, while the query heads go 0 0 1 1: ranks 1 and 2 look up the other’s keys.',
    hidden: 'With as many heads as ranks, or more, both rules agree.',
    wrong: ['kv_head = rank % num_kv_heads'],
    right: ['kv_head = rank // (world_size // num_kv_heads)'],
    reported: github('vllm-project/vllm-ascend', 3366, 'pull'),
  },
  position: {
    title: 'Positions from 0 on every rank',
    text: 'Each [[rank]] has tokens of its own and counts them from 0: RoPE turns the tokens of ranks 1 to 3 as if they were the first.',
    hidden: 'The first tokens, at which everybody looks, are right.',
    wrong: ['cos, sin = rope(torch.arange(len(x)))'],
    right: ['start = rank * len(x)', 'cos, sin = rope(torch.arange(start, start + len(x)))'],
    reported: github('NVIDIA-NeMo/Speech', 6178, 'pull'),
  },
  padded: {
    title: 'Padding wins the argmax',
    text: 'A vocabulary of 30 is padded to 32, so that four [[rank]]s have as many rows each. The padding is zeros, so its logits are 0; where all real logits are negative that is the largest, and the model says a word that does not exist.',
    hidden:
      'One rank has nothing to pad; and most of the time some real logit is positive. Each row of the picture is a token, with a 1 at the id that was chosen; a red cell is a 1 that is missing.',
    wrong: ['logits = all_gather(F.linear(x, self.weight))', 'token = logits.argmax(-1)'],
    right: [
      'logits = all_gather(F.linear(x, self.weight))',
      'token = logits[..., : self.vocab_size].argmax(-1)',
    ],
    reported: github('mirage-project/mirage', 751, 'issues'),
  },
  ignored: {
    title: 'A label of −100 that counts',
    text: 'A label of −100 says: leave this token out. Cut along the vocabulary, no [[rank]] has the id −100, so each brings 0 for its logit and the token gets a loss like any other.',
    hidden: 'One rank calls F.cross_entropy, which knows −100; and the loss still goes down.',
    wrong: ['loss = vocab_parallel_cross_entropy(logits, labels)', 'return loss.mean()'],
    right: [
      'kept = labels != -100',
      'loss = vocab_parallel_cross_entropy(logits, labels.clamp(min=0))',
      'return (loss * kept).sum() / kept.sum()',
    ],
    reported: github('deepspeedai/DeepSpeed', 6882, 'pull'),
  },
  'log-p': {
    title: 'A loss that is log p too large',
    text: 'The logits were gathered, so each [[rank]] has all of them, and then the loss sums e^z over the ranks as if each had a share. Every term counts four times: the loss is log 4 = 1.39 too large, for each token.',
    hidden: 'log 1 is 0. A constant that is too much looks like a model that has still to learn.',
    wrong: [
      'logits = gather_from_tensor_parallel(logits)',
      'loss = vocab_parallel_cross_entropy(logits, labels)',
    ],
    right: ['loss = vocab_parallel_cross_entropy(logits, labels)  # of the shard'],
    reported: github('NVIDIA/Megatron-LM', 7452, 'issues'),
  },
  window: {
    title: 'The window overwritten while it is read',
    text: 'Rank 0 is done with an [[all-reduce]] and puts the numbers of the next one into its window. Rank 1 is a step behind and still reads there: a [[chunk]] of its sum is of the next call. Run in a simulation of the ring, with the steps in the one order that shows it.',
    hidden: 'Ranks are nearly always alike in speed, and then it is right.',
    wrong: ['y = ring_all_reduce(window)', 'window.copy_(x_next)'],
    right: ['y = ring_all_reduce(window)', 'handle.barrier()  # all have read', 'window.copy_(x_next)'],
    reported: github('ROCm/aiter', 3514, 'pull'),
  },
};

/** The one that is no bug, and is reported as one. */
export const ROUNDING_WORDS = {
  title: 'The output changes with the ranks',
  text: 'No bug. With more [[rank]]s a sum is added up in another order, and in a narrower float each addition is rounded more. Below are 768 products of 512 terms on 1, 2, 4 and 8 ranks: the [[partial]]s are added in the order of the ring, as float32, float16 and bfloat16, and held against float64.',
  close:
    'Another last bit may choose another word where two are about as likely, and from there on the texts part. Who needs the same text on any number of ranks sums in float32, or takes no row split.',
  reported: github('pytorch/pytorch', 144359, 'issues'),
} as const;
