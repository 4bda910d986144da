/** What parallel layers ask of a cut whose shards are all of one size: Megatron-LM's, and those made after them. */

import { because, type Objection, type Subject } from './codebase.ts';
import { grouped, uneven } from './cutSizes.ts';

/** A rank has whole heads, and where there are more ranks than key/value heads, a copy of one. */
export function unevenHeads({ sizes: { heads, kvHeads } }: Subject, p: number): Objection[] {
  const shared = kvHeads === heads || kvHeads % p === 0 || p % kvHeads === 0;
  return because('heads', [
    ...uneven({ what: 'heads', size: heads }, p),
    ...(shared ? [] : [`${kvHeads} key/value heads neither divide by ${p} nor into it`]),
  ]);
}

/** Every expert is cut across the ranks, as an MLP is, unless whole ones are asked for. */
export function unevenWidths({ sizes, expertParallel }: Subject, p: number): Objection[] {
  const { mlps, expertColumns } = sizes;
  return [
    ...because(
      'widths',
      mlps.flatMap((width) => uneven(width, p)),
    ),
    ...because('experts', expertColumns === null || expertParallel ? [] : uneven(expertColumns, p)),
  ];
}

/** vLLM and SGLang pad the vocabulary to a multiple of 64 (VocabParallelEmbedding), and then divide it. */
export function unevenPadded({ sizes: { vocab } }: Subject, p: number): Objection[] {
  const padded = Math.ceil(vocab / 64) * 64;
  const what =
    padded === vocab ? 'vocabulary entries' : `vocabulary entries (${grouped(vocab)} before padding)`;
  return because('vocabulary', uneven({ what, size: padded }, p));
}

/** Where whole experts are dealt out evenly. */
export function unevenExperts({ sizes: { experts }, expertParallel }: Subject, p: number): Objection[] {
  if (experts === null || !expertParallel) return [];
  return because('experts', uneven({ what: 'experts', size: experts }, p));
}
