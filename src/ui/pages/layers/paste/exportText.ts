/** The table of degrees as text, to paste elsewhere. Numbers are exact there: bytes, of the rank that has the most. */

import { codebases } from '#models/degrees.ts';
import { formatBytes } from '#ui/format.ts';
import { type DegreeRow, signOf } from './degreeRows.ts';

const IN_CSV = { '✓': 'yes', '✗': 'no', '–': 'n/a' };

const NUMBERS = [
  'weights a rank',
  'KV cache a rank and token',
  'KV cache a rank at the context',
  'sent a token',
];

export function toMarkdown(name: string, rows: readonly DegreeRow[], context: number): string {
  const heads = ['ranks', ...codebases.map(({ label }) => label), ...NUMBERS];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `${name}, context of ${context} tokens`,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map((row) =>
      line([
        String(row.p),
        ...codebases.map(({ id }) => {
          const verdict = row.verdicts[id];
          return [signOf(verdict), verdict.reasons.join('; ')].filter((part) => part !== '').join(' ');
        }),
        ...bytesOf(row, context).map(formatBytes),
      ]),
    ),
    '',
  ].join('\n');
}

export function toCsv(rows: readonly DegreeRow[], context: number): string {
  const heads = [
    'ranks',
    ...codebases.flatMap(({ label }) => [label, `${label}: why`]),
    ...NUMBERS.map((label) => `${label} (bytes)`),
  ];
  const lines = rows.map((row) => [
    row.p,
    ...codebases.flatMap(({ id }) => {
      const verdict = row.verdicts[id];
      return [IN_CSV[signOf(verdict)], verdict.reasons.join('; ')];
    }),
    ...bytesOf(row, context),
  ]);
  return `${[heads, ...lines].map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function bytesOf({ weightBytes, kvBytesPerToken, wireBytes }: DegreeRow, context: number): number[] {
  return [weightBytes[1], kvBytesPerToken[1], kvBytesPerToken[1] * context, wireBytes];
}

/** RFC 4180. */
function quoted(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
