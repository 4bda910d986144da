/** The four layers in PyTorch. Shapes stand at the end of the line: M rows of x, K features in, N out, p ranks. */

import type { SplitConfig } from '#program/split.ts';
import { type CodeLine, line } from './line.ts';

export interface Layer {
  readonly lines: readonly CodeLine[];
  /** The forward pass, with x and the whole weights. */
  readonly call: string;
  /** The same, unsplit: what `call` should give. */
  readonly expected: string;
  /** The forward pass gives something else, and the check says so. */
  readonly wrong: boolean;
}

/** `code` where there is a bias, else nothing. */
type WithBias = (code: string) => string;

const withBias =
  (config: SplitConfig): WithBias =>
  (code) =>
    config.bias ? code : '';

export function wholeLayer(config: SplitConfig): Layer {
  const bias = withBias(config);
  const unsplit = `F.linear(x, w${bias(', b')})`;
  return {
    lines: [
      ...opening('Linear', `weight${bias(', bias')}`, `# [N, K]${bias(', [N]')}`),
      line('        self.weight = weight', '# all of it, on every rank', 'cut'),
      ...(config.bias ? [line('        self.bias = bias', '', 'cut')] : []),
      ...forward('# [M, K]'),
      line(`        return F.linear(x, self.weight${bias(', self.bias')})`, '# [M, N]', 'multiply 0'),
    ],
    call: `Linear(w${bias(', b')})(x)`,
    expected: unsplit,
    wrong: false,
  };
}

export function columnLayer(config: SplitConfig): Layer {
  const bias = withBias(config);
  const unsplit = `F.linear(x, w${bias(', b')})`;
  const even = config.n % config.worldSize === 0;
  const sizes = line('        self.sizes = [len(t) for t in weight.tensor_split(dist.get_world_size())]');
  return {
    lines: [
      ...opening('ColumnParallelLinear', `weight${bias(', bias')}`, `# [N, K]${bias(', [N]')}`),
      line('        self.weight = shard(weight, dim=0)', '# [N/p, K]', 'cut'),
      ...(config.bias ? [line('        self.bias = shard(bias, dim=0)', '# [N/p]', 'cut')] : []),
      ...(config.gatherOutput && !even ? [sizes] : []),
      ...forward('# [M, K]'),
      line(`        y = F.linear(x, self.weight${bias(', self.bias')})`, '# [M, N/p]', 'multiply 0'),
      ...(config.gatherOutput ? gather(even) : [line('        return y', '# nothing to send')]),
    ],
    call: `ColumnParallelLinear(w${bias(', b')})(x)`,
    expected: config.gatherOutput ? unsplit : `shard(${unsplit}, dim=1)`,
    wrong: false,
  };
}

function gather(even: boolean): CodeLine[] {
  const join = line('        return torch.cat(parts, dim=1)', '# [M, N]');
  if (even) {
    return [
      line('        parts = [torch.empty_like(y) for _ in range(dist.get_world_size())]'),
      line('        dist.all_gather(parts, y)', '# passes the parts round', 'ring'),
      join,
    ];
  }
  return [
    line('        parts = [y.new_empty(len(y), n) for n in self.sizes]'),
    line('        parts[dist.get_rank()] = y'),
    line("        # Gloo's all_gather takes equal sizes only, so each rank broadcasts its own."),
    line('        for rank, part in enumerate(parts):', '', 'ring'),
    line('            dist.broadcast(part, src=rank)', '', 'ring'),
    join,
  ];
}

export function rowLayer(config: SplitConfig): Layer {
  const bias = withBias(config);
  return {
    lines: [
      ...opening('RowParallelLinear', `weight${bias(', bias')}`, `# [N, K]${bias(', [N]')}`),
      line('        self.weight = shard(weight, dim=1)', '# [N, K/p]', 'cut'),
      ...(config.bias ? [line('        self.bias = bias', '# all of it, on every rank')] : []),
      ...forward('# [M, K/p]'),
      ...rowEnd(config, 'x', 'self.weight', 'self.bias', '[M, N]', 'multiply 0'),
    ],
    call: `RowParallelLinear(w${bias(', b')})(shard(x, dim=1))`,
    expected: `F.linear(x, w${bias(', b')})`,
    wrong: isWrong(config),
  };
}

export function pairLayer(config: SplitConfig): Layer {
  const bias = withBias(config);
  return {
    lines: [
      ...opening('ParallelPair', `a, b${bias(', a_bias, b_bias')}`, '# [N, K], [K, N]'),
      line('        self.a = shard(a, dim=0)', '# [N/p, K] column split', 'cut'),
      line('        self.b = shard(b, dim=1)', '# [K, N/p] row split', 'cut'),
      ...(config.bias
        ? [
            line('        self.a_bias = shard(a_bias, dim=0)', '# [N/p]', 'cut'),
            line('        self.b_bias = b_bias', '# all of it, on every rank'),
          ]
        : []),
      ...forward('# [M, K]'),
      line(`        h = F.linear(x, self.a${bias(', self.a_bias')})`, '# [M, N/p]', 'multiply 0'),
      ...rowEnd(config, 'h', 'self.b', 'self.b_bias', '[M, K]', 'multiply 1'),
    ],
    call: `ParallelPair(a, b${bias(', a_bias, b_bias')})(x)`,
    expected: `F.linear(F.linear(x, a${bias(', a_bias')}), b${bias(', b_bias')})`,
    wrong: isWrong(config),
  };
}

function isWrong({ bias, biasOnEveryRank, worldSize }: SplitConfig): boolean {
  return bias && biasOnEveryRank && worldSize > 1;
}

/** A row split's partial, its sum, and the bias: once after the sum, or (the bug) before it on every rank. */
function rowEnd(
  config: SplitConfig,
  x: string,
  weight: string,
  bias: string,
  shape: string,
  stop: 'multiply 0' | 'multiply 1',
): CodeLine[] {
  const reduce = line('        dist.all_reduce(y)', '# sums over the ranks', 'ring');
  if (config.bias && config.biasOnEveryRank) {
    const partial = line(`        y = F.linear(${x}, ${weight}, ${bias})`, '# bias on every rank', stop);
    return [
      isWrong(config) ? { ...partial, mark: 'wrong' } : partial,
      reduce,
      line('        return y', `# ${shape}`),
    ];
  }
  return [
    line(`        y = F.linear(${x}, ${weight})`, `# ${shape} partial`, stop),
    reduce,
    config.bias
      ? line(`        return y + ${bias}`, '# once, after the sum', 'bias')
      : line('        return y', `# ${shape}`),
  ];
}

function opening(name: string, args: string, comment: string): CodeLine[] {
  return [
    line(`class ${name}(torch.nn.Module):`),
    line(`    def __init__(self, ${args}):`, comment),
    line('        super().__init__()'),
  ];
}

function forward(comment: string): CodeLine[] {
  return [line(''), line('    def forward(self, x):', comment)];
}
