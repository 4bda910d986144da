/** The words that a newcomer cannot know, each in one line. All pages take them from here. */

export const GLOSSARY = {
  rank: {
    word: 'rank',
    means:
      'One of the workers that share a model, with a number from 0. On a cluster a process with a GPU; here a Web Worker with a device of its own.',
  },
  shard: { word: 'shard', means: 'The part of a matrix that one rank keeps.' },
  partial: {
    word: 'partial',
    means: 'A rank’s product before the sum: as large as the result, but with the terms of one rank only.',
  },
  collective: {
    word: 'collective',
    means:
      'A step in which all ranks take part and data moves between them: an all-reduce, an all-gather, a reduce-scatter.',
  },
  'all-reduce': {
    word: 'all-reduce',
    means: 'All ranks’ buffers are added up, and every rank ends with the whole sum.',
  },
  'all-gather': {
    word: 'all-gather',
    means: 'Each rank has a piece; at the end every rank has all pieces, side by side.',
  },
  'reduce-scatter': {
    word: 'reduce-scatter',
    means: 'All ranks’ buffers are added up, and each rank ends with the sum of one chunk.',
  },
  ring: {
    word: 'ring',
    means: 'Each rank takes from the one before it and hands on to the next, so that no link is crowded.',
  },
  chunk: {
    word: 'chunk',
    means: 'One of as many pieces of a buffer as there are ranks: what travels in a step of the ring.',
  },
  gemm: { word: 'GEMM', means: 'A product of two matrices, as a library calls it: general matrix multiply.' },
  readback: {
    word: 'readback',
    means: 'Copying a result from the GPU’s memory to where the other ranks can read it.',
  },
  tolerance: {
    word: 'tolerance',
    means:
      'How far float32 may be off by rounding alone, computed for each element. More than that is a bug.',
  },
  float64: {
    word: 'float64',
    means:
      'Numbers with 53 bits in place of float32’s 24: the ranks compute the answer once more with them, and compare.',
  },
  'same bits': { word: 'same bits', means: 'Equal to the last binary digit, and not only close.' },
  'column split': {
    word: 'column split',
    means: 'Each rank keeps some columns of W, has all of X, and makes the same columns of Y.',
  },
  'row split': {
    word: 'row split',
    means: 'Each rank keeps some rows of W and the same columns of X, and makes a partial of all of Y.',
  },
  mlp: {
    word: 'MLP',
    means:
      'Two products with a simple function between them: the first makes each token’s row wider, the second as narrow as before.',
  },
  attention: {
    word: 'attention',
    means:
      'Each token’s query is held against the keys of the tokens before it, and what fits best says how much of their values it takes.',
  },
  'key/value head': {
    word: 'key/value head',
    means:
      'Attention is done by many heads, each with queries of its own. Several of them may share the keys and values of one key/value head, so there are fewer of these.',
  },
  norm: {
    word: 'norm',
    means: 'Scales each token’s row to the same size. It is so cheap that every rank does all of it.',
  },
  rope: { word: 'RoPE', means: 'Turns queries and keys by their place in the text, so that order counts.' },
  'kv cache': {
    word: 'KV cache',
    means: 'The keys and values of the tokens so far, kept so that they are computed once.',
  },
  residual: { word: 'residual', means: 'What came in is added to what comes out.' },
  'mixture of experts': {
    word: 'mixture of experts',
    means: 'Many MLPs in place of one. A small product picks a few of them for each token; the others rest.',
  },
} as const satisfies Readonly<Record<string, { readonly word: string; readonly means: string }>>;

export type TermId = keyof typeof GLOSSARY;

export function isTerm(id: string): id is TermId {
  return Object.hasOwn(GLOSSARY, id);
}

/** A part of a text: words, or a term of the glossary as it stands there. */
export type TextPart = string | { readonly term: TermId; readonly text: string };

const MARK = /\[\[([^\]|]+)(?:\|([^\]]+))?\]\](s\b)?/g;

/** Texts may mark terms: `[[rank]]`, `[[chunk]]s`, `[[shard|its part]]`. @throws Error where there is no such term */
export function textPartsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    const [whole, id = '', shown, plural = ''] = match;
    if (!isTerm(id)) throw new Error(`the glossary has no “${id}”`);
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push({ term: id, text: `${shown ?? GLOSSARY[id].word}${plural}` });
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

const WORDS = Object.entries(GLOSSARY)
  .map(([id, { word }]) => [id, word.toLowerCase()] as const)
  .sort(([, a], [, b]) => b.length - a.length);
const FOUND = new RegExp(`\\b(${WORDS.map(([, word]) => word).join('|')})(s\\b|\\b)`, 'gi');

/**
 * The terms of a plain text, each where it first stands.
 * @param known those that were there before; what is found is added to it
 */
export function termsIn(text: string, known: Set<TermId>): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(FOUND)) {
    const id = WORDS.find(([, word]) => word === match[1]?.toLowerCase())?.[0];
    if (id === undefined || !isTerm(id) || known.has(id)) continue;
    known.add(id);
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push({ term: id, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}
