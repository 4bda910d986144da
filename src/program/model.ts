/**
 * A whole language model as one program: embedding, blocks, norm and head, each written by its own file. Weights have the
 * names that they have in a checkpoint of the Llama family.
 */

import type { Range } from '../numerics/ranges.ts';
import { block } from './block.ts';
import type { ModelConfig } from './modelConfig.ts';
import { rmsNorm } from './norm.ts';
import { type ProgramBuilder, programBuilder } from './ProgramBuilder.ts';
import type { Program, Value } from './program.ts';
import { embedding, languageModelHead, vocabularyTable } from './vocabulary.ts';

/** Tokens of a pass, where there are more: what lies between layers stays small beside the weights. */
const CHUNK = 128;

/** Of a pass with logits behind each of its tokens: 16 MiB. */
const MOST_LOGITS = 2 ** 22;

/** Behind which of a pass's tokens one asks what comes next. */
export type Asked = 'last' | 'each';

/**
 * The passes in which so many tokens are run.
 * @param most tokens of one
 */
export function chunksOf(tokens: number, most = CHUNK): Range[] {
  return Array.from({ length: Math.ceil(tokens / most) }, (_, i) => ({
    start: i * most,
    end: Math.min(tokens, (i + 1) * most),
  }));
}

/** The same where one asks behind each of them. */
export function chunksOfEach(tokens: number, { vocab }: ModelConfig): Range[] {
  return chunksOf(tokens, Math.max(1, Math.min(CHUNK, Math.floor(MOST_LOGITS / vocab))));
}

/** ids `[T]` → the logits of the last of them `[1, vocab]`, what the next token is drawn from; or of each `[T, vocab]`. */
export function languageModel(
  b: ProgramBuilder,
  ids: Value,
  model: ModelConfig,
  positions: number,
  asked: Asked = 'last',
): Value {
  const { vocab, hidden, normEpsilon, tiedEmbeddings } = model;
  const size = { vocab, hidden };
  const e = b.within('model.embed_tokens', () => vocabularyTable(b, size)); // [vocab/p, hidden]
  let x = b.within('model.embed_tokens', () => embedding(b, ids, size, e)); // [T, hidden]
  const configs = model.blocks.flatMap(({ count, block }) => Array.from({ length: count }, () => block));
  for (const [layer, config] of configs.entries()) {
    x = b.within(`model.layers.${layer}`, () => block(b, x, config, positions));
  }
  const normed = b.within('model', () => {
    const rows = asked === 'each' ? x : lastToken(b, x); // [1, hidden]
    b.stage('norm', 'the same on every rank');
    return rmsNorm(b, 'normed', rows, { name: 'norm', width: hidden, epsilon: normEpsilon });
  });
  return b.within('lm_head', () => languageModelHead(b, normed, size, tiedEmbeddings ? e : undefined));
}

/**
 * The program of a pass of `tokens` new tokens, given as `ids`. What it keeps is the same for any number of them.
 * @param positions the longest sequence, which the cache has room for
 * @throws LabError `input` where sizes do not fit each other
 */
export function modelProgram(
  model: ModelConfig,
  worldSize: number,
  {
    tokens,
    positions,
    asked,
  }: { readonly tokens: number; readonly positions: number; readonly asked?: Asked },
): Program {
  const b = programBuilder(worldSize, tokens);
  return b.finish(languageModel(b, b.input('ids', [tokens]), model, positions, asked));
}

/** The row of the last token: of those before it, nobody asks what comes next. x `[T, hidden]` → `[1, hidden]`. */
function lastToken(b: ProgramBuilder, x: Value): Value {
  if (b.tokens === 1) return x;
  b.stage('last token', 'the others have done their part');
  const index = b.host({ id: 'last index', label: 'T − 1' }, [], [1], {
    compute: () => Float32Array.of(b.tokens - 1),
    torch: () => `torch.tensor([${b.tokens - 1}])`,
  });
  return b.rows({ id: 'last', label: 'x', step: 'x[T − 1]' }, x, index);
}
