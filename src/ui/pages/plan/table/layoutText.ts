/** The table of layouts as text, to paste elsewhere. */

import type { Answer } from '#lab/plan/answer.ts';
import type { Plan } from '#planner/plan.ts';
import { COLUMNS, type Column } from './columns.ts';

/** Numbers with four digits: more are not known. */
function cellsOf(plan: Plan, columns: readonly Column[]): (string | number)[] {
  const round = (value: number): number => Number(value.toPrecision(4));
  const { tensor, pipeline, expert, data, gpus, memory, fits, limit } = plan;
  return [
    ...[tensor, pipeline, expert, data, gpus],
    ...[round(memory.total), fits ? 'yes' : 'no', limit],
    ...columns.map(({ value }) => round(value(plan))),
  ];
}

function headsOf(columns: readonly Column[]): string[] {
  return ['TP', 'PP', 'EP', 'DP', 'GPUs', 'GB a GPU', 'fits', 'limit', ...columns.map(({ head }) => head)];
}

/** A paragraph that says what was asked, and the table. */
export function toMarkdown({ question: { model, machine, load }, plans }: Answer): string {
  const { gpu, nodes, perNode, fabric, network } = machine;
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const columns = COLUMNS[load.work];
  const heads = headsOf(columns);
  return [
    `${model.name} on ${nodes} × ${perNode} ${gpu.label} (${fabric.label}${network ? `, ${network.label}` : ''}): ${load.work === 'train' ? `training on sequences of ${load.prompt} tokens, ${load.sequences} a step` : `prompts of ${load.prompt} and answers of ${load.answer} tokens, ${load.sequences} at once`}. Predicted.`,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...plans.map((plan) => line(cellsOf(plan, columns))),
    '',
  ].join('\n');
}

export function toCsv({ question, plans }: Answer): string {
  const columns = COLUMNS[question.load.work];
  const quoted = (cell: string | number): string => {
    const text = String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[headsOf(columns), ...plans.map((plan) => cellsOf(plan, columns))].map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}
