/**
 * A row split and its sum over the ranks; in blocks of rows, if asked, so that one block is summed while the next one
 * multiplies: what runs the program begins a sum where it stands, and waits for it where it is read. A block's rows have
 * the bits that they have in one piece, as far as kernels go by the number of rows and sums by their place in the buffer.
 */

import { type Range, shardRanges } from '../numerics/ranges.ts';
import type { Cut } from './cuts.ts';
import { choice } from './definition.ts';
import type { MadeFields } from './lifted.ts';
import { type LinearWeights, rowSplit, rowSplitWeight } from './linear.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';

interface Split {
  readonly weights: LinearWeights;
  readonly columns: Cut;
  /** Of the stage of the products. */
  readonly note: string;
  /** How many blocks, each of a row or more; 1: in one piece. */
  readonly blocks: number;
}

/** x `[M, in/p]` → Σ x·Wᵀ `[M, out]`, on every rank, without the bias. */
export function summedRowSplit(b: ProgramBuilder, made: MadeFields, x: Value, split: Split): Value {
  const [rows = 0] = x.shapes[0] ?? [];
  const ranges = shardRanges(rows, Math.max(1, Math.min(split.blocks, rows)));
  return ranges.length > 1 ? inBlocks(b, made, x, split, ranges) : inOnePiece(b, made, x, split);
}

function inOnePiece(b: ProgramBuilder, made: MadeFields, x: Value, { weights, columns, note }: Split): Value {
  b.stage('row split', note);
  const partial = rowSplit(b, 'partial', x, weights, columns); // [M, out], a term of the sum
  b.stage('all-reduce');
  return b.allReduce(made, partial);
}

function inBlocks(
  b: ProgramBuilder,
  made: MadeFields,
  x: Value,
  { weights, columns, note }: Split,
  ranges: readonly Range[],
): Value {
  const { id, label = id } = made;
  const w = rowSplitWeight(b, weights, columns);
  const sums = ranges.map(({ start, end }, at) => {
    const named = (of: string): string => `${of} of block ${at + 1}`;
    const short = (of: string): string => of + subscript(at + 1);
    b.stage(`block ${at + 1} of ${ranges.length}`, `rows ${start}–${end - 1}, ${note}`);
    const which = b.host(
      { id: named('rows'), label: short('i'), step: `the numbers of rows ${start}–${end - 1}` },
      [],
      [end - start],
      {
        compute: () => Float32Array.from({ length: end - start }, (_, i) => start + i),
        torch: () => `torch.arange(${start}, ${end})`,
      },
    );
    const own = b.rows({ id: named(x.id), label: short(x.label), step: 'copy' }, x, which); // [m, in/p]
    const partial = b.linear({ id: named('partial'), label: short('partial') }, own, w); // [m, out], a term
    return b.allReduce({ id: named(id), label: short(label) }, partial);
  });
  // Behind all blocks: what reads a sum waits for it.
  b.stage('blocks together', 'copies');
  const whole = b.zeros(made, [x.shapes[0]?.[0] ?? 0, weights.out]); // [M, out]
  for (const [at, sum] of sums.entries()) {
    const start = ranges[at]?.start ?? 0;
    b.writeRows({ id: `${id} with block ${at + 1}`, step: `${sum.label} into ${label}` }, whole, sum, start);
  }
  return whole;
}

function subscript(number: number): string {
  return [...`${number}`].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join('');
}

/** For controls. A layer of one rank has them too: it shows what the copies cost. */
export const BLOCKS = choice(
  'blocks',
  'Blocks of rows',
  [1, 2, 4, 8].map((value) => ({ value, label: `${value}` })),
  { hint: 'one is summed while the next multiplies', noun: 'number of blocks', absent: 1 },
);
