/**
 * Lines that a program printed. Launchers put a rank or a host before each ("[0] ", "[1,0]<stdout>:", "worker-0: "), logs
 * a time: so nobody here asks where a line begins, but looks for what is theirs in it.
 */

export interface Line {
  /** From 1, as editors count. */
  readonly number: number;
  readonly text: string;
}

/** No table that is known has lines as long as that, and what is searched in them should stay short. */
const LONGEST = 1000;
/** Colours, as terminals are told of them. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

export function linesOf(text: string): Line[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, i) => ({ number: i + 1, text: line }))
    .filter((line) => line.text.length <= LONGEST)
    .map(({ number, text: line }) => ({ number, text: line.replaceAll(COLOURS, '') }));
}

/** Before an error about what stands there. */
export function whereOf({ number }: Line): string {
  return `line ${number}: `;
}

/** The last `count` words of a line where all of them are numbers from 0, and no other number stands before them; else null. */
export function figuresOf(text: string, count: number): number[] | null {
  const words = text.trim().split(/\s+/);
  const figures = words.slice(-count).map(figureOf);
  const before = words.slice(0, -count).map(figureOf);
  if (figures.length < count || before.some((figure) => figure !== null)) return null;
  return figures.every((figure) => figure !== null) ? figures : null;
}

/** A number from 0, as programs print it; null of another word. */
export function figureOf(word: string): number | null {
  return /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(word) ? finite(Number(word)) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const UNITS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/** Bytes of "32KiB", "1.5 MB", "512": of 1024, as the programs that are read here count either; null of another word. */
export function bytesOfSize(text: string): number | null {
  const [, figure = '', unit = ''] = /^([\d.]+)\s*([kmgt]?)i?b?$/i.exec(text.trim()) ?? [];
  const value = figureOf(figure);
  const power = UNITS[unit.toLowerCase()];
  return value === null || power === undefined ? null : value * 1024 ** power;
}
