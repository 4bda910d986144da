/** The present split as a PyTorch program that runs under torchrun: its lines, and the moments each belongs to. */

import type { Moment } from '#lab/split/timeline.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import { columnLayer, type Layer, pairLayer, rowLayer, wholeLayer } from './layers.ts';
import { type CodeLine, line, type Stop } from './line.ts';

export type { CodeLine } from './line.ts';

export function codeOf(plan: SplitPlan): CodeLine[] {
  const { split, worldSize } = plan.config;
  const layer = layerOf(plan);
  return [
    line(`# torchrun --nproc-per-node ${worldSize} ${split}_split.py`),
    line('import torch'),
    line('import torch.distributed as dist'),
    line('import torch.nn.functional as F'),
    line(''),
    ...(split === 'none' ? [] : SHARD),
    ...layer.lines,
    line(''),
    ...mainOf(plan, layer),
  ];
}

export function sourceOf(lines: readonly CodeLine[]): string {
  return `${lines.map(({ text }) => text).join('\n')}\n`;
}

export function isAt(codeLine: CodeLine, moment: Moment): boolean {
  return codeLine.stops.includes(stopOf(moment));
}

function stopOf({ phase, product }: Moment): Stop {
  switch (phase) {
    case 'cut':
    case 'bias':
    case 'done':
      return phase;
    case 'multiply':
      return product === 1 ? 'multiply 1' : 'multiply 0';
    case 'reduce-scatter':
    case 'all-gather':
      return 'ring'; // the two halves of an all-reduce are one line of PyTorch
    default:
      return phase satisfies never;
  }
}

const SHARD = [
  line('def shard(t, dim):', "# this rank's part of t"),
  line('    return t.tensor_split(dist.get_world_size(), dim)[dist.get_rank()]'),
  line(''),
];

function layerOf(plan: SplitPlan): Layer {
  const { split } = plan.config;
  switch (split) {
    case 'none':
      return wholeLayer(plan.config);
    case 'column':
      return columnLayer(plan.config);
    case 'row':
      return rowLayer(plan.config);
    case 'pair':
      return pairLayer(plan.config);
    default:
      return split satisfies never;
  }
}

/** Numbers, one forward pass, and the same product unsplit to check it against. */
function mainOf({ config }: SplitPlan, layer: Layer): CodeLine[] {
  const { m, k, n, bias } = config;
  const weights =
    config.split === 'pair'
      ? [
          `a, b = torch.randn(${n}, ${k}), torch.randn(${k}, ${n})`,
          ...(bias ? [`a_bias, b_bias = torch.randn(${n}), torch.randn(${k})`] : []),
        ]
      : [`w${bias ? ', b' : ''} = torch.randn(${n}, ${k})${bias ? `, torch.randn(${n})` : ''}`];
  const check = `torch.testing.assert_close(y, ${layer.expected}, rtol=1e-4, atol=1e-3)`;
  return [
    line('dist.init_process_group("gloo")'),
    line('torch.manual_seed(1)', '# the same numbers on every rank'),
    line(`x = torch.randn(${m}, ${k})`),
    ...weights.map((text) => line(text)),
    line(`y = ${layer.call}`),
    { ...line(check, '', 'done'), ...(layer.wrong && { mark: 'caught' as const }) },
    line('dist.destroy_process_group()'),
  ];
}
