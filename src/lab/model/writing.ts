/** Has a session go on with a context, and hands on what comes of it some times a second: pages draw no faster. */

import type { Sampling } from '../../sampling/sampling.ts';
import { wantedLogits } from '../../sampling/top.ts';
import { type Figures, FigureTaker } from './figures.ts';
import type { Ending } from './generate.ts';
import type { ModelSession } from './session.ts';
import type { ShownToken } from './state.ts';
import { differenceFrom, type PlannedCall } from './tokenPlan.ts';

/** Two frames: text still flows, and what is drawn takes less time than it takes to come. */
const FLUSH_MS = 33;
/** Of the likeliest tokens, those that a page shows. */
const CANDIDATES = 8;
/** More would fill the page, and the first ones say why. */
export const MOST_DIFFERENCES = 8;

export interface WritingOptions {
  readonly count: number;
  readonly sampling: Sampling;
  readonly stopWords: readonly string[];
  readonly signal: AbortSignal;
}

/** What came since the last time. */
export interface Written {
  readonly tokens: readonly ShownToken[];
  readonly figures: Figures;
  /** Tokens among them whose collectives were held against the plan, and what differed. */
  readonly checked: number;
  readonly differences: readonly string[];
}

/** By rank: the collectives of one token's pass, where it is drawn so. */
export function plannedFor(session: ModelSession, sampling: Sampling): PlannedCall[][] {
  return session.tokenPlan(wantedLogits(sampling, CANDIDATES));
}

/** @throws LabError as the session does; what came before was handed on */
export async function writeOn(
  session: ModelSession,
  context: readonly number[],
  options: WritingOptions,
  onWritten: (written: Written) => void,
): Promise<Ending> {
  const planned = plannedFor(session, options.sampling);
  const taker = new FigureTaker(performance.now());
  let tokens: ShownToken[] = [];
  let [checked, differences]: [number, string[]] = [0, []];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ending: Ending = 'stopped';

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const written = { tokens, figures: taker.figures, checked, differences };
    [tokens, checked, differences] = [[], 0, []];
    onWritten(written);
  };

  try {
    for await (const one of session.generate(context, { ...options, candidates: CANDIDATES, traced: true })) {
      taker.note(one, performance.now());
      switch (one.kind) {
        case 'prefill':
          break;
        case 'token': {
          const { id, text, candidates, spent } = one;
          tokens.push({ id, text, candidates, spent, chosen: false });
          if (spent.length > 0) checked++;
          for (const [rank, own] of spent.entries()) {
            const difference = differenceFrom(planned[rank] ?? [], own);
            if (difference !== null && differences.length < MOST_DIFFERENCES)
              differences.push(`Rank ${rank}, token “${text}”: ${difference}.`);
          }
          timer ??= setTimeout(flush, FLUSH_MS);
          break;
        }
        case 'end': {
          ending = one.why;
          const last = tokens.pop();
          // What was held back, as it might have been a stop word.
          if (last !== undefined) tokens.push({ ...last, text: last.text + one.text });
          break;
        }
        default:
          one satisfies never;
      }
    }
  } finally {
    flush();
  }
  return ending;
}
