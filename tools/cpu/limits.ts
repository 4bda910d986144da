/** What a core and its memory can do at most, for kernels to be held against; coreLimits.ts does it. */

/** A copy, larger than most caches, which reads and writes as much; and rounds of twelve multiply-adds of four lanes. */
export const COPY_BYTES = 2 ** 24;
export const PEAK_COUNT = 100_000;

/** `count` is what a run of it does. */
export const limits = {
  peak: { name: '128-bit multiply-adds', unit: 'FLOP', count: 2 * 12 * 4 * PEAK_COUNT },
  copy: { name: `copy of ${COPY_BYTES / 2 ** 20} MiB, read and written`, unit: 'B', count: 2 * COPY_BYTES },
} as const;

export type Limit = keyof typeof limits;
