/** Python in colours. */

export type TokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const TOKEN =
  /(?<comment>#.*)|(?<string>"[^"]*")|(?<keyword>\b(?:import|as|class|def|return|for|in|if|else|is|None|True|False)\b)|(?<number>\b\d[\d.]*(?:e-?\d+)?\b)/g;

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
