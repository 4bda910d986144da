/** The table of degrees as text, to paste elsewhere. Numbers are exact there: bytes, of the rank that has the most. */

import { CODEBASES } from '#planner/verdicts/verdicts.ts';
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
  const heads = ['ranks', ...CODEBASES.map(({ label }) => label), ...NUMBERS];
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
        ...CODEBASES.map(({ id }) => {
          const verdict = row.verdicts[id];
          const ways = verdict.ways.length === 0 ? '' : `→ ${verdict.ways.join('; or ')}`;
          return [signOf(verdict), verdict.reasons.join('; '), ways].filter((part) => part !== '').join(' ');
        }),
        ...bytesOf(row, context).map(formatBytes),
      ]),
    ),
    '',
    `Read from ${CODEBASES.map(({ label, version }) => `${label}: ${version}`).join('; ')}.`,
    '',
  ].join('\n');
}

export function toCsv(rows: readonly DegreeRow[], context: number): string {
  const heads = [
    'ranks',
    ...CODEBASES.flatMap(({ label }) => [label, `${label}: why`, `${label}: way out`]),
    ...NUMBERS.map((label) => `${label} (bytes)`),
  ];
  const lines = rows.map((row) => [
    row.p,
    ...CODEBASES.flatMap(({ id }) => {
      const verdict = row.verdicts[id];
      return [IN_CSV[signOf(verdict)], verdict.reasons.join('; '), verdict.ways.join('; ')];
    }),
    ...bytesOf(row, context),
  ]);
  return `${[heads, ...lines].map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function bytesOf({ weightBytes, cacheBytesPerToken, wireBytes }: DegreeRow, context: number): number[] {
  return [weightBytes[1], cacheBytesPerToken[1], cacheBytesPerToken[1] * context, wireBytes];
}

/** RFC 4180. */
function quoted(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
