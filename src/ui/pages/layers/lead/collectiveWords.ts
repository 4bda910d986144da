/** Collectives in words. */

import { listed } from '#base/shown.ts';
import type { CollectiveKind } from '#collectives/kinds.ts';
import type { CollectiveCost } from '#program/plan.ts';
import { counted, numberWord } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';

/** Collectives of one kind over equally long buffers. */
export interface CollectiveGroup {
  readonly kind: CollectiveKind;
  readonly bytes: number;
  readonly count: number;
}

/** In the order in which the first of each group comes. */
export function grouped(
  collectives: readonly Pick<CollectiveCost, 'kind' | 'bytes'>[],
): readonly CollectiveGroup[] {
  const groups = new Map<string, CollectiveGroup>();
  for (const { kind, bytes } of collectives) {
    const key = `${kind} ${bytes}`;
    groups.set(key, { kind, bytes, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

/** "two all-gathers and two reduce-scatters", whatever their size. */
export function kindsInWords(collectives: readonly Pick<CollectiveCost, 'kind'>[]): string {
  const counts = new Map<CollectiveKind, number>();
  for (const { kind } of collectives) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = [...counts].map(
    ([kind, count]) => `${numberWord(count)} ${COLLECTIVE_NAMES[kind]}${count === 1 ? '' : 's'}`,
  );
  return words.length === 0 ? 'nothing moves' : listed(words);
}

/** "1 all-reduce of 256 KiB", "3 all-reduces of 64 B each" */
export function groupInWords({ kind, bytes, count }: CollectiveGroup): string {
  return `${counted(count, COLLECTIVE_NAMES[kind])} of ${formatBytes(bytes)}${count === 1 ? '' : ' each'}`;
}
