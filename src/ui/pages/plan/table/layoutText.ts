/** The table of layouts as text, to paste elsewhere. */

import type { Answer } from '#lab/plan/answer.ts';
import type { Plan } from '#planner/plan.ts';

const HEADS = [
  'TP',
  'PP',
  'EP',
  'DP',
  'GPUs',
  'GB a GPU',
  'fits',
  'tokens/s of one sequence',
  'tokens/s in all',
  'first token (ms)',
  'room (sequences)',
  'longest (tokens)',
  'limit',
  'step (ms)',
] as const;

function cellsOf(plan: Plan): (string | number)[] {
  const round = (value: number): number => Number(value.toPrecision(4));
  return [
    plan.tensor,
    plan.pipeline,
    plan.expert,
    plan.data,
    plan.gpus,
    round(plan.memory.total),
    plan.fits ? 'yes' : 'no',
    round(plan.tokensPerSecondOfOne),
    round(plan.tokensPerSecond),
    round(plan.firstTokenMs),
    plan.room,
    plan.longest,
    plan.limit,
    round(plan.step.totalMs),
  ];
}

/** A paragraph that says what was asked, and the table. */
export function toMarkdown({ question: { model, machine, load }, plans }: Answer): string {
  const { gpu, nodes, perNode, fabric, network } = machine;
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `${model.name} on ${nodes} × ${perNode} ${gpu.label} (${fabric.label}${network ? `, ${network.label}` : ''}): prompts of ${load.prompt} and answers of ${load.answer} tokens, ${load.sequences} at once. Predicted.`,
    '',
    line(HEADS),
    line(HEADS.map(() => '---')),
    ...plans.map((plan) => line(cellsOf(plan))),
    '',
  ].join('\n');
}

export function toCsv({ plans }: Answer): string {
  const quoted = (cell: string | number): string => {
    const text = String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[HEADS, ...plans.map(cellsOf)].map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}
