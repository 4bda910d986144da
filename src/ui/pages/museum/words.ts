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
    hidden: 'A norm comes next, and takes out most of a factor.',
    wrong: ['y = self.down(F.silu(self.up(x)))  # tp_size was left at 1', 'dist.all_reduce(y)'],
    right: ['y = self.down(F.silu(self.up(x)))  # tp_size=dist.get_world_size()', 'dist.all_reduce(y)'],
    reported: github('lightseekorg/tokenspeed', 80, 'pull'),
  },
  residual: {
    title: 'The residual before the sum',
    text: 'To fuse two kernels, the residual x joins each rank’s [[partial]] before the [[all-reduce]], which counts it four times.',
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
    text: 'The norm divides by the mean over the columns that this [[rank]] has, and not over all: each [[shard]] gets a scale of its own.',
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
    text: 'There are two key/value heads for four [[rank]]s, so two ranks share one. They are dealt out in turn, 0 1 0 1, while the query heads go 0 0 1 1: ranks 1 and 2 look up the other’s keys.',
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
};
