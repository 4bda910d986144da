/** Text of the flow picture, broken into lines before it is drawn: a monospaced font can be measured by counting. */

/** Pixels of a line, and of a character at 11 px: JetBrains Mono and DejaVu Sans Mono are 0.6 em wide. */
export const LINE = 15;
export const CHAR = 6.65;

/** What a piece of text is, which decides how it is set. */
export type Role = 'label' | 'shape' | 'note' | 'bytes' | 'time' | 'verdict';

export interface Piece {
  readonly text: string;
  readonly role: Role;
}

export type Line = readonly Piece[];

export function piece(role: Role, text: string): Piece {
  return { text, role };
}

/** Characters between two pieces of a line: a space, or a dot with a space at either side. */
export const SPACE = 1;
export const DOT = 3;

/** Pieces side by side as long as they fit into `width` pixels; one that is wider is broken, at its spaces if it can be. */
export function wrap(pieces: readonly Piece[], width: number, between = SPACE): Line[] {
  const most = Math.max(1, Math.floor(width / CHAR));
  const lines: Piece[][] = [];
  let left = 0;
  for (const { text, role } of pieces.filter((one) => one.text !== '')) {
    // Room is kept for a time whole: what is set there later is another text.
    for (const part of role === 'time' || role === 'verdict' ? [text] : broken(text, most)) {
      if (part.length + between > left || lines.length === 0) {
        lines.push([]);
        left = most + between;
      }
      lines.at(-1)?.push({ text: part, role });
      left -= part.length + between;
    }
  }
  return lines;
}

/** Pixels of the widest line. */
export function widthOf(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map((line) => CHAR * lengthOf(line)));
}

/** The least width at which no word of these pieces is broken. */
export function leastWidth(pieces: readonly Piece[]): number {
  return Math.max(
    0,
    ...pieces.map(({ text, role }) => CHAR * (role === 'label' ? longestWord(text) : text.length)),
  );
}

function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, line.length - 1);
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map((word) => word.length));
}

/** Parts of at most `most` characters. */
function broken(text: string, most: number): string[] {
  if (text.length <= most) return [text];
  const parts: string[] = [];
  for (const word of text.split(' ')) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) {
      parts[parts.length - 1] = `${last} ${word}`;
    } else {
      parts.push(...pieces(word, most));
    }
  }
  return parts;
}

/** A word that is too long, broken where a formula may be: before a bracket, after a dot or a bar. */
function pieces(word: string, most: number): string[] {
  const parts: string[] = [];
  let rest = word;
  while (rest.length > most) {
    const start = rest.slice(0, most + 1);
    const placesAt = (sign: RegExp): number[] => [...start.matchAll(sign)].map(({ index }) => index);
    const at =
      [...placesAt(/(?<=[·|])/g), ...placesAt(/(?=[([])/g)].findLast((place) => place > 0 && place <= most) ??
      most;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}
