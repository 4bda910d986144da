/** The numbers behind the element that is pointed at, in the order in which the ranks' terms were added. */

import type { CellProbe } from '#lab/split/run.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import { formatCount, formatError, formatFloat } from '#ui/format.ts';

export interface Term {
  readonly rank: number;
  readonly value: number;
  /** The float32 sum so far, this term included. */
  readonly running: number;
  /** The first products of this rank's part of the row of X and the column of W, as text. */
  readonly products: string;
  readonly count: number;
}

export interface ProbeSum {
  readonly terms: readonly Term[];
  /** What is added after the sum; null where nothing is. */
  readonly bias: number | null;
  /** Every rank's term holds the bias already, so that the sum has it once a rank: the bug. */
  readonly biasPerTerm: boolean;
  readonly result: number;
  readonly expected: number;
}

const SHOWN_PRODUCTS = 4;

/** Null where no rank holds the element. */
export function probeSumOf(plan: SplitPlan, probe: CellProbe): ProbeSum | null {
  const result = probe.ranks.find((rank) => rank.result !== null)?.result ?? null;
  const expected = probe.ranks.find((rank) => rank.expected !== null)?.expected ?? null;
  if (result === null || expected === null) return null;
  const last = plan.products.at(-1);
  const biasInTerm = last?.bias === true && (last.layer !== 'row' || plan.config.biasOnEveryRank);
  let running = 0;
  const terms = probe.order.flatMap((rank, i): Term[] => {
    const part = probe.ranks[rank];
    const value = part?.term ?? null;
    if (part === undefined || value === null) return [];
    running = i === 0 ? value : Math.fround(running + value);
    const products = [...productsOf(part.x, part.w, part.count), ...(biasInTerm ? ['bias'] : [])].join(' + ');
    return [{ rank, value, running, products, count: part.count }];
  });
  const bias = probe.ranks[0]?.bias ?? null;
  return { terms, bias, biasPerTerm: biasInTerm && terms.length > 1, result, expected };
}

function productsOf(x: Float32Array, w: Float32Array, count: number): string[] {
  const shown = Math.min(SHOWN_PRODUCTS, count, x.length, w.length);
  const products = Array.from(
    { length: shown },
    (_, i) => `${formatFloat(x[i] ?? 0, 3)} × ${formatFloat(w[i] ?? 0, 3)}`,
  );
  return count > shown ? [...products, `… (${formatCount(count)} in all)`] : products;
}

/** The same in words, for those who hear the page. */
export function spokenSum(name: string, probe: CellProbe, sum: ProbeSum): string {
  const terms = sum.terms.map(({ rank, value }) => `rank ${rank}: ${formatFloat(value)}`).join(', plus ');
  const bias = sum.bias === null ? '' : `, plus bias: ${formatFloat(sum.bias)}`;
  const error = formatError(Math.abs(sum.result - sum.expected));
  return (
    `${name}, row ${probe.row}, column ${probe.col}. ${terms}${bias}. ` +
    `Result ${formatFloat(sum.result)}, ${error} away from the float64 product.`
  );
}
