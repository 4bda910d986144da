/** What the ranks own of each thing that is cut, in words. */

import { listed } from '#base/shown.ts';
import { lengthOf, shardRanges } from '#numerics/ranges.ts';
import type { BlockConfig, MoeConfig, Pass } from '#program/configs.ts';
import { mlpName } from '#program/halves.ts';
import type { LayerPlan } from '#program/plan.ts';
import { expertShares, headShares, vocabShares } from '#program/shares.ts';
import { numberWord, type Phrase, shareOf } from '#ui/components/words.ts';

/** "8 query heads and 2 key/value heads", "4 heads". */
export function headsOwned(attention: BlockConfig['attention'], worldSize: number): Phrase[] {
  const { heads } = attention;
  const kvHeads = attention.kind === 'mla' ? heads : attention.kvHeads;
  const shares = headShares(heads, kvHeads, worldSize);
  const query = shares.map((share) => lengthOf(share.query));
  if (kvHeads === heads) return [{ strong: shareOf(query, 'head') }];
  const kv = shares.map((share) => lengthOf(share.kv));
  return [{ strong: shareOf(query, 'query head') }, ' and ', { strong: shareOf(kv, 'key/value head') }];
}

/** What is uneven about the heads: copies of key/value heads, ranks without any. */
export function headsAside(attention: BlockConfig['attention'], worldSize: number): Phrase[] {
  const { heads } = attention;
  const kvHeads = attention.kind === 'mla' ? heads : attention.kvHeads;
  const shares = headShares(heads, kvHeads, worldSize);
  const copies = worldSize / kvHeads;
  const copied = kvHeads < heads && copies > 1 && Number.isInteger(copies);
  return [
    ...(copied
      ? [` There are fewer key/value heads than ranks, so each is held by ${numberWord(copies)} of them.`]
      : []),
    ...idle(
      shares.map((share) => lengthOf(share.query)),
      'head',
    ),
  ];
}

/** "64 of 256 columns" */
export function columnsOwned(size: number, worldSize: number): string {
  return `${owned(shardRanges(size, worldSize).map(lengthOf), size)} columns`;
}

export function columnsAside(size: number, worldSize: number): Phrase[] {
  return idle(shardRanges(size, worldSize).map(lengthOf), 'column');
}

/** "64 of 256 entries" */
export function entriesOwned(vocab: number, padTo: number, worldSize: number): string {
  const shares = vocabShares(vocab, padTo, worldSize);
  const entries = shares.map(({ range }) => lengthOf(range));
  return `${owned(entries, shares[0]?.padded ?? vocab)} entries`;
}

/** How many entries are padding; 0 where none are. */
export function paddingOf(vocab: number, padTo: number, worldSize: number): number {
  return (vocabShares(vocab, padTo, worldSize)[0]?.padded ?? vocab) - vocab;
}

/** "4 of 16 experts" */
export function expertsOwned({ experts }: MoeConfig, worldSize: number): string {
  return `${owned(expertShares(experts, worldSize).map(lengthOf), experts)} experts`;
}

export function expertsAside({ experts }: MoeConfig, worldSize: number): Phrase[] {
  return idle(expertShares(experts, worldSize).map(lengthOf), 'expert');
}

/** "4 tokens", "6 or 5 tokens" */
export function tokensOwned(tokens: number, worldSize: number): string {
  return shareOf(shardRanges(tokens, worldSize).map(lengthOf), 'token');
}

/** ": 16 and 16 of 32 choices": how many of them each rank's experts serve, where the plan is of a run as the gate decided. */
export function choicesServed({ topK }: MoeConfig, plan: LayerPlan, id: string, { tokens }: Pass): Phrase[] {
  const served = plan.tensors.get(id)?.shapes.map(([count = 0]) => count) ?? [];
  const all = (tokens * topK).toLocaleString('en');
  return [': ', { strong: listed(served.map((count) => count.toLocaleString('en'))) }, ` of ${all} choices`];
}

type TwoHalves = Pick<BlockConfig, 'attention' | 'mlp'>;

/** "heads and columns" */
export function halvesCut({ mlp }: TwoHalves): string {
  return mlp.kind === 'moe' ? 'heads and experts' : 'heads and columns';
}

/** "Each rank owns 8 heads, and 64 of 256 columns of the MLP" */
export function halvesOwned({ attention, mlp }: TwoHalves, plan: LayerPlan, pass: Pass): Phrase[] {
  const p = plan.worldSize;
  const inner = mlp.kind === 'moe' ? expertsOwned(mlp, p) : `${columnsOwned(mlp.intermediate, p)} of the MLP`;
  const routed = mlp.kind === 'moe' ? choicesServed(mlp, plan, `${mlpName(mlp)}.tokens`, pass) : [];
  return ['Each rank owns ', ...headsOwned(attention, p), ', and ', { strong: inner }, ...routed];
}

export function halvesAside({ attention, mlp }: TwoHalves, worldSize: number): Phrase[] {
  const aside = mlp.kind === 'moe' ? expertsAside(mlp, worldSize) : columnsAside(mlp.intermediate, worldSize);
  return [...headsAside(attention, worldSize), ...aside];
}

/** "3 of 10", "4 or 3 of 10" */
function owned(shares: readonly number[], whole: number): string {
  const lengths = [...new Set(shares)].sort((a, b) => b - a).map((length) => length.toLocaleString('en'));
  return `${lengths.join(' or ')} of ${whole.toLocaleString('en')}`;
}

/** Ranks without any of it are no mistake, but ask for a word. */
function idle(shares: readonly number[], noun: string): Phrase[] {
  const count = shares.filter((share) => share === 0).length;
  if (count === 0) return [];
  const who = numberWord(count);
  const ranks = `${who.charAt(0).toUpperCase()}${who.slice(1)} ${count === 1 ? 'rank has' : 'ranks have'}`;
  return [
    ' ',
    { strong: `${ranks} no ${noun}` },
    ` and only ${count === 1 ? 'takes' : 'take'} part in the sum.`,
  ];
}
