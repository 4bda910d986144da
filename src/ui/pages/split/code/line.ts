/** One line of the program that the page shows. */

/** Where in the program the scrubber may stand. */
export type Stop = 'cut' | 'multiply 0' | 'multiply 1' | 'ring' | 'bias' | 'done';

export interface CodeLine {
  readonly text: string;
  readonly stops: readonly Stop[];
  /** wrong: the bug. caught: the check that fails because of it. */
  readonly mark?: 'wrong' | 'caught';
}

/** Where comments begin, if the code before them leaves room. */
const COMMENT_COLUMN = 50;

export function line(code: string, comment = '', ...stops: Stop[]): CodeLine {
  const text = comment === '' ? code : `${code.padEnd(COMMENT_COLUMN - 2)}  ${comment}`;
  return { text, stops };
}

export type TokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const TOKEN =
  /(?<comment>#.*)|(?<string>"[^"]*")|(?<keyword>\b(?:import|as|class|def|return|for|in)\b)|(?<number>\b\d[\d.]*(?:e-?\d+)?\b)/g;

/** Colours for the dozen kinds of word in our own Python; not a parser. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > at) tokens.push({ kind: 'plain', text: source.slice(at, match.index) });
    const [kind = 'plain'] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    tokens.push({ kind: kind as TokenKind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < source.length) tokens.push({ kind: 'plain', text: source.slice(at) });
  return tokens;
}
