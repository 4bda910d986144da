/** The present split as a PyTorch program that runs under torchrun: its lines, and the moments each belongs to. */

import type { Moment } from '#lab/split/timeline.ts';
import { type Program, type Step, stepsOf } from '#program/program.ts';
import { type Split, type SplitConfig, splitProgram } from '#program/split.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import { line, type TorchLine, textOf } from '#program/torch/line.ts';
import { openingLines, weightLines } from '#program/torch/script.ts';
import { cutOfValue, wholeWeights } from '#program/torch/stored.ts';
import { torchModule } from '#program/torch/torchText.ts';

export interface CodeLine extends TorchLine {
  /** wrong: the bug. caught: the check that fails because of it. */
  readonly mark?: 'wrong' | 'caught';
}

/** What the line is of that compares with the unsplit product. */
const CHECK = 'check';

const CLASSES: Readonly<Record<Split, string>> = {
  none: 'Linear',
  column: 'ColumnParallelLinear',
  row: 'RowParallelLinear',
  pair: 'ParallelPair',
};

export function codeOf({ config }: SplitPlan): CodeLine[] {
  const { split, worldSize } = config;
  const program = splitProgram(config);
  const lines = [
    ...openingLines(worldSize, `${split}_split`),
    ...torchModule(program, CLASSES[split]),
    line(''),
    ...mainLines(config, program),
  ];
  if (!isWrong(config)) return lines;
  const wrong = productsOf(program).at(-1)?.id; // the row split
  return lines.map((one): CodeLine => {
    if (one.of === CHECK) return { ...one, mark: 'caught' };
    return one.of === wrong ? { ...one, mark: 'wrong' } : one;
  });
}

export function sourceOf(lines: readonly CodeLine[]): string {
  return `${lines.map(textOf).join('\n')}\n`;
}

/** What the lines are of that belong to a moment. */
export function partsAt({ config }: SplitPlan, { phase, product }: Moment): ReadonlySet<string> {
  const program = splitProgram(config);
  const steps = stepsOf(program);
  const idsOf = (kept: readonly Step[]) => new Set(kept.map(({ id }) => id));
  switch (phase) {
    case 'cut':
      return new Set(program.storage.map(({ value }) => value.id));
    case 'multiply':
      return idsOf(productsOf(program).slice(product, (product ?? 0) + 1));
    case 'reduce-scatter':
    case 'all-gather': // the two halves of an all-reduce are one line of PyTorch
      return idsOf(steps.filter(({ kind }) => kind === 'collective'));
    case 'bias':
      return idsOf(steps.filter((step) => step.kind === 'op' && step.op === 'add'));
    case 'done':
      return new Set([CHECK]);
    default:
      return phase satisfies never;
  }
}

function productsOf(program: Program): Step[] {
  return stepsOf(program).filter((step) => step.kind === 'op' && step.op === 'linear');
}

function isWrong({ split, bias, biasOnEveryRank, worldSize }: SplitConfig): boolean {
  return (split === 'row' || split === 'pair') && bias && biasOnEveryRank && worldSize > 1;
}

/** Numbers, one forward pass, and the same product unsplit to check it against. */
function mainLines({ split, m, k, bias }: SplitConfig, program: Program): TorchLine[] {
  const [input] = program.inputs;
  const names = [...wholeWeights(program).keys()].map((name) =>
    name.replace('.weight', '').replace('.', '_'),
  );
  const product = (x: string, name: string): string =>
    `F.linear(${x}, ${name}${bias ? `, ${name}_bias` : ''})`;
  const whole = split === 'pair' ? product(product('X', 'A'), 'B') : product('X', 'W');
  const use = (helper: string): string => helper; // the module has it: its weights are cut alike
  const given = input === undefined ? '' : cutOfValue(input, 'X', use);
  const expected = cutOfValue(program.output, whole, use);
  return [
    line('dist.init_process_group("gloo")'),
    line('torch.manual_seed(1)', 'the same numbers on every rank'),
    ...weightLines(program),
    line(`X = torch.randn(${m}, ${k})`),
    line(`Y = ${CLASSES[split]}(weights)(${given})`),
    line(`${names.join(', ')}${names.length === 1 ? ',' : ''} = weights.values()`),
    line(`torch.testing.assert_close(Y, ${expected}, rtol=1e-4, atol=1e-3)`, '', CHECK),
    line('dist.destroy_process_group()'),
  ];
}
