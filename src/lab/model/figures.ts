/** How fast a model went on with a text, and where each rank's time went: the numbers that users expect. */

import { median } from '../../numerics/statistics.ts';
import type { Spent } from '../../protocol.ts';
import type { Ending, Generated } from './generate.ts';

/** Medians over the tokens, in milliseconds of a token; `shared` as in {@link Spent}. */
export type SpentMs = Omit<Spent, 'startMs' | 'collectives' | 'readBytes' | 'readbackBytes'>;

export interface Figures {
  readonly prefill: { readonly tokens: number; readonly ms: number; readonly perSecond: number };
  /** From the beginning; null where there was none. */
  readonly firstTokenMs: number | null;
  /** Behind the first; null where there are none. */
  readonly decode: { readonly tokens: number; readonly ms: number; readonly perSecond: number } | null;
  /** By rank; empty where it was not traced. */
  readonly ranks: readonly SpentMs[];
  readonly why: Ending | null;
  /** Whether the tab was hidden meanwhile, where a browser slows it down. */
  readonly hidden: boolean;
}

/** Is told of all that happens, and when. */
export class FigureTaker {
  readonly #startMs: number;
  #prefill = { tokens: 0, ms: 0, perSecond: 0 };
  #first: number | null = null;
  #last = 0;
  #tokens = 0;
  #why: Ending | null = null;
  readonly #spent: Spent[][] = [];
  /** As in {@link Figures}; to be set by who watches the tab. */
  hidden = false;

  /** @param startMs on any clock; note() goes by the same */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  note(one: Generated, nowMs: number): void {
    switch (one.kind) {
      case 'prefill':
        this.#prefill = { tokens: one.tokens, ms: one.ms, perSecond: rate(one.tokens, one.ms) };
        break;
      case 'token':
        this.#first ??= nowMs;
        this.#last = nowMs;
        this.#tokens++;
        for (const [rank, spent] of one.spent.entries()) {
          const own = this.#spent[rank] ?? [];
          own.push(spent);
          this.#spent[rank] = own;
        }
        break;
      case 'end':
        this.#why = one.why;
        break;
      default:
        one satisfies never;
    }
  }

  get figures(): Figures {
    const [tokens, ms] = [this.#tokens - 1, this.#last - (this.#first ?? 0)];
    return {
      prefill: this.#prefill,
      firstTokenMs: this.#first === null ? null : this.#first - this.#startMs,
      decode: tokens > 0 ? { tokens, ms, perSecond: rate(tokens, ms) } : null,
      ranks: this.#spent.map(medianOf),
      why: this.#why,
      hidden: this.hidden,
    };
  }
}

function medianOf(spent: readonly Spent[]): SpentMs {
  const of = (part: Exclude<keyof SpentMs, 'shared'>): number => median(spent.map((one) => one[part]));
  return {
    shared: spent.some(({ shared }) => shared),
    ms: of('ms'),
    computeMs: of('computeMs'),
    readbackMs: of('readbackMs'),
    ringMs: of('ringMs'),
    waitMs: of('waitMs'),
  };
}

function rate(tokens: number, ms: number): number {
  return ms > 0 ? (1000 * tokens) / ms : 0;
}
