/** Comma-separated values, RFC 4180: cells with a comma, a quote or a line break are quoted, quotes doubled. */

import { LabError } from '../base/errors.ts';

export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * The rows; empty lines are left out. Lines may end as on any system.
 * @throws LabError `input` where a quote is not closed, or something follows one that is
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
      row.push(''); // the file ends behind a comma
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

interface Cell {
  readonly value: string;
  /** Where the comma or the end of the line is. */
  readonly end: number;
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && !',\r\n'.includes(text.charAt(end))) end++;
  return { value: text.slice(start, end), end };
}

function quotedCell(text: string, start: number): Cell {
  let close = start;
  do {
    close = text.indexOf('"', close + 1);
    if (close < 0)
      throw new LabError('input', `A quote is opened in line ${lineOf(text, start)} and not closed.`);
  } while (text[close + 1] === '"' && ++close);
  const end = close + 1;
  if (end < text.length && !',\r\n'.includes(text.charAt(end))) {
    const line = lineOf(text, end);
    throw new LabError(
      'input',
      `“${text.charAt(end)}” follows a closed quote in line ${line}. Double quotes in a cell.`,
    );
  }
  return { value: text.slice(start + 1, close).replaceAll('""', '"'), end };
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split(/\r\n|\r|\n/).length;
}
