/** Has a session go on with a context, and hands on what comes of it some times a second: pages draw no faster. */

import type { Spent } from '../../protocol.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { watchHidden } from '../hidden.ts';
import { type Figures, FigureTaker } from './figures.ts';
import { type Ending, wantedFor } from './generate.ts';
import { differingFor } from './openDraws.ts';
import type { ModelSession } from './session.ts';
import type { CheckedRead, ReadContext, ShownToken } from './state.ts';
import type { PlannedCall } from './tokenPlan.ts';

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
  /** Whether the last token of the context was chosen, and has not been run. */
  readonly endsInChosen: boolean;
  readonly signal: AbortSignal;
}

interface News {
  tokens: ShownToken[];
  /** At the end: text of the last token, which was held back, for it might have been a stop word. */
  rest: string;
  /** Tokens whose collectives were held against the plan, and what differed. */
  checked: number;
  differences: string[];
  /** The context that was read. */
  read: CheckedRead | null;
  /** What the pass of the chosen token took, where it was run alone. */
  chosenSpent: readonly Spent[];
}

/** What came since the last time. */
export interface Written extends Readonly<News> {
  readonly figures: Figures;
}

function nothingNew(): News {
  return { tokens: [], rest: '', checked: 0, differences: [], read: null, chosenSpent: [] };
}

/** By rank: the collectives of one token's pass, where it is drawn so. */
export function plannedFor(session: ModelSession, sampling: Sampling): PlannedCall[][] {
  return session.tokenPlan(wantedFor(session, sampling, CANDIDATES));
}

/** @throws LabError as the session does; what came before was handed on */
export async function writeOn(
  session: ModelSession,
  context: readonly number[],
  options: WritingOptions,
  onWritten: (written: Written) => void,
): Promise<Ending> {
  const wanted = wantedFor(session, options.sampling, CANDIDATES);
  const planned = session.tokenPlan(wanted);
  const differing = differingFor(session, options.sampling, wanted);
  const taker = new FigureTaker(performance.now());
  const tab = watchHidden();
  let news = nothingNew();
  /** For the next token to carry. */
  let read: ReadContext | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ending: Ending = 'stopped';

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    taker.hidden ||= tab.wasHidden();
    const written = { ...news, figures: taker.figures };
    news = nothingNew();
    onWritten(written);
  };

  const check = (what: string, plan: readonly (readonly PlannedCall[])[], spent: readonly Spent[]): void => {
    for (const [rank, own] of spent.entries()) {
      const difference = differing(rank, plan[rank] ?? [], own);
      if (difference !== null && news.differences.length < MOST_DIFFERENCES)
        news.differences.push(`Rank ${rank}, ${what}: ${difference}.`);
    }
  };

  try {
    for await (const one of session.generate(context, { ...options, candidates: CANDIDATES, traced: true })) {
      taker.note(one, performance.now());
      switch (one.kind) {
        case 'prefill': {
          const { tokens, spent } = one;
          const plan = session.contextPlan(tokens, wanted);
          check(`a context of ${tokens}`, plan, spent);
          if (tokens === 1 && options.endsInChosen) {
            news.checked++;
            news.chosenSpent = spent;
          } else {
            read = { tokens, spent };
            news.read = { tokens, planned: plan[0] ?? [] };
          }
          break;
        }
        case 'token': {
          const { id, text, candidates, spent } = one;
          news.tokens.push({ id, text, candidates, spent, read, chosen: false });
          read = null;
          if (spent.length > 0) news.checked++;
          check(`token “${text}”`, planned, spent);
          timer ??= setTimeout(flush, FLUSH_MS);
          break;
        }
        case 'end':
          ending = one.why;
          news.rest = one.text;
          break;
        default:
          one satisfies never;
      }
    }
  } finally {
    flush();
    tab.stop();
  }
  return ending;
}
