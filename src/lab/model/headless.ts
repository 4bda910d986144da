/** A model on a page without a face, which tools/generate.mjs opens and drives. */

import type { SourceSpec } from '../../checkpoint/source.ts';
import type { Algorithm } from '../../collectives/algorithm.ts';
import type { ProductWeights } from '../../program/packing.ts';
import type { DeviceChoice, DeviceInfo, ModelLoading, Placement } from '../../protocol.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { roundingOf } from './facts.ts';
import { type Figures, FigureTaker } from './figures.ts';
import { urlSource } from './folder.ts';
import { readFolderAway } from './folderAway.ts';
import { wantedFor } from './generate.ts';
import { differingFor } from './openDraws.ts';
import { ModelSession } from './session.ts';
import type { Message } from './text.ts';

export interface HeadlessOptions {
  /** Of the folder; a path is one of this page. */
  readonly url: string;
  readonly name: string;
  readonly worldSize: number;
  readonly device: DeviceChoice;
  readonly placement: Placement;
  /** How every all_reduce is made. */
  readonly algorithm: Algorithm | 'auto';
  /** How products hold their weights. */
  readonly weights: ProductWeights;
  readonly positions: number | null;
  readonly prompt: string;
  /** Whether the prompt is something said, and no beginning of a text. */
  readonly chat: boolean;
  readonly count: number;
  /** In place of what the model's makers recommend. */
  readonly sampling: Partial<Sampling>;
  readonly stopWords: readonly string[];
  readonly traced: boolean;
}

/** Each settles when whoever drives the page has taken it. */
export interface HeadlessHost {
  readonly loading: (ranks: readonly ModelLoading[]) => Promise<void>;
  readonly text: (text: string) => Promise<void>;
  readonly warning: (sentence: string) => Promise<void>;
}

export interface HeadlessResult {
  readonly devices: readonly DeviceInfo[];
  readonly placement: Placement;
  readonly weights: ProductWeights;
  /** By how much these differ from what is stored, in RMS; null where in nothing. */
  readonly rounding: number | null;
  readonly figures: Figures;
  /** Whether the collectives of the prompt and of every token were those that were predicted; null where that was not traced. */
  readonly asPlanned: boolean | null;
}

const stopping = new AbortController();

export async function run(options: HeadlessOptions, host: HeadlessHost): Promise<HeadlessResult> {
  const { worldSize, device, placement, algorithm, weights, positions } = options;
  const { prompt, chat, count, stopWords, traced } = options;
  const { signal } = stopping;
  const told: Promise<void>[] = [];
  // The browser's profile goes with it: what it kept would be written for nothing.
  const source: SourceSpec = { ...urlSource(options.url, location.href), keep: false };
  const folder = await readFolderAway(source, options.name, {
    signal,
    onWarning: (sentence) => told.push(host.warning(sentence)),
  });
  const session = await ModelSession.open(folder, {
    worldSize,
    device,
    placement,
    algorithm,
    weights,
    signal,
    ...(positions !== null && { positions }),
    onLoading: (ranks) => told.push(host.loading(ranks)),
  });
  const talk: Message[] = [{ role: 'user', content: prompt }];
  const given = await (chat ? session.text.encodeChat(talk) : session.text.encode(prompt));
  const context = given.map(({ id }) => id);
  const tellText = inTurn(host.text);
  const taker = new FigureTaker(performance.now());
  let asPlanned: boolean | null = traced ? true : null;
  const sampling = { ...folder.sampling, ...options.sampling };
  const wanted = wantedFor(session, sampling);
  const planned = session.tokenPlan(wanted);
  const differing = differingFor(session, sampling, wanted);
  for await (const one of session.generate(context, { count, sampling, stopWords, traced, signal })) {
    taker.note(one, performance.now());
    if (one.kind !== 'prefill' && one.text !== '') told.push(tellText(one.text));
    if (one.kind === 'end') continue;
    const plan = one.kind === 'token' ? planned : session.contextPlan(one.tokens, wanted);
    if (one.spent.some((own, rank) => differing(rank, plan[rank] ?? [], own) !== null)) asPlanned = false;
  }
  const { devices } = session;
  const rounding = roundingOf(session.held.map((rank) => rank.rounding));
  await session.close();
  await Promise.all(told);
  return { devices, placement, weights, rounding, figures: taker.figures, asPlanned };
}

/**
 * Tells one text at a time; what comes meanwhile is told in one when it is taken. A message for each token takes more of
 * the machine's cores than the token, and from the ranks.
 */
function inTurn(tell: (text: string) => Promise<void>): (text: string) => Promise<void> {
  let waiting = '';
  let telling: Promise<void> | null = null;
  const tellAll = async (): Promise<void> => {
    while (waiting !== '') {
      const text = waiting;
      waiting = '';
      await tell(text);
    }
    telling = null;
  };
  return (text) => {
    waiting += text;
    telling ??= tellAll();
    return telling;
  };
}

export function stop(): void {
  stopping.abort();
}
