/** What a scenario gets: a group that is drawn, ways to ask it, and ways to say what must come of it. */

import { LabError, type LaunchOptions, launch, type RankGroup } from '../../../src/index.ts';
import type { Draw } from '../draw.ts';
import type { Complaint } from '../report.ts';
import { drawStep, type Step } from '../steps.ts';
import type { Before } from './blows.ts';
import type { ChaosProgram } from './chaos.rank.ts';

export type Scenario = (stage: Stage) => Promise<void>;
export type Group = RankGroup<ChaosProgram>;

/** How a call or a launch has to fail. */
export interface Failing {
  readonly codes: readonly string[];
  /** The ranks of which it must name one, or undefined for none; left out: any, or none. */
  readonly names?: readonly (number | undefined)[];
  /** What its message must say. */
  readonly says?: RegExp;
}

/** What a busy machine may take for a launch or a failure that waits for no deadline. */
const GRACE_MS = 60_000;
const LONG_MS = 300_000;
/** As launch() makes them. */
const PORTIONS = { slotLength: 65_536, letterLength: 4096 };

export class Stage {
  readonly draw: Draw;
  readonly device: 'cpu' | 'webgpu';
  readonly worldSize: number;
  /** The rank that the fault befalls. */
  readonly rank: number;
  readonly complaints: Complaint[] = [];
  /** Whether the scenario waits for a deadline, by which an innocent rank may be late. */
  waits = false;
  readonly #shortMs: number;
  readonly #groups: Group[] = [];

  /** @param shortMs the deadline for whom it has to pass */
  constructor(draw: Draw, shortMs: number) {
    this.draw = draw;
    this.device = draw.chance(0.1) ? 'webgpu' : 'cpu';
    this.worldSize = 1 + draw.below(this.device === 'cpu' ? 5 : 3);
    this.rank = draw.below(this.worldSize);
    this.#shortMs = shortMs;
  }

  get shortMs(): number {
    this.waits = true;
    return this.#shortMs;
  }

  get ranks(): readonly number[] {
    return Array.from({ length: this.worldSize }, (_, rank) => rank);
  }

  complain(kind: Complaint['kind'], text: string): void {
    this.complaints.push({ kind, text });
  }

  /** Options for launch(), of this group. */
  options(more: Partial<LaunchOptions> = {}): LaunchOptions {
    const { worldSize, device } = this;
    return { worldSize, device, timeoutMs: LONG_MS, program: () => startRank(), ...more };
  }

  /** A program for all ranks but the one that the fault befalls, whose worker is made by `befallen`. */
  programs(befallen: () => Worker): () => Worker {
    let made = 0;
    return () => (made++ === this.rank ? befallen() : startRank());
  }

  async launch(more: Partial<LaunchOptions> = {}): Promise<Group> {
    const group = await launch<ChaosProgram>(this.options(more));
    this.#groups.push(group);
    if (this.draw.chance(0.5)) await this.works(group); // a group that is new and one that has worked are two
    return group;
  }

  /** Has every rank take some random steps and compute a little; each holds what it gets against what it must be. */
  async works(group: Group): Promise<void> {
    const count = 1 + this.draw.below(4);
    const steps: Step[] = Array.from({ length: count }, () =>
      drawStep(this.draw, this.worldSize, PORTIONS, true),
    );
    const stream = this.draw.below(2 ** 31);
    const answers = await group.all((rank) => rank.work(steps, stream));
    for (const text of answers.flat()) this.complain('wrong result', text);
  }

  /** The work must fail, soon, and in this way. */
  fails(work: Promise<unknown>, failing: Failing): Promise<void> {
    return this.#fails(work, failing, GRACE_MS);
  }

  /** The work must fail, in this way, once a deadline of `shortMs` has passed. */
  failsLate(work: Promise<unknown>, failing: Failing): Promise<void> {
    return this.#fails(work, failing, GRACE_MS + 2 * this.shortMs);
  }

  async #fails(work: Promise<unknown>, { codes, names, says }: Failing, withinMs: number): Promise<void> {
    const settled = work.then((): 'done' => 'done', told);
    const outcome = await unlessLate(settled, withinMs);
    if (outcome === 'late') return this.complain('hang', `it did not fail within ${withinMs} ms`);
    if (outcome === 'done') return this.complain('wrong name', 'it did not fail');
    const { code, rank, message } = outcome;
    const failed = `it failed with ${code}, rank ${rank}: ${message}`;
    if (!codes.includes(code)) this.complain('wrong name', `${failed}; not ${codes.join(' or ')}`);
    else if (names?.some((name) => name === rank) === false)
      this.complain('wrong name', `${failed}; not rank ${names.join(' or ')}`);
    else if (says?.test(message) === false) this.complain('wrong name', `${failed}; not ${says}`);
  }

  /** The group must be over, and say so, or why it ended, to whoever asks. */
  async isOver(group: Group): Promise<void> {
    if (!group.closed) this.complain('wrong name', 'the group lives on');
    else await this.fails(this.works(group), { codes: ['closed', 'rank-failed'] });
  }

  /** Closes what the scenario has launched, as a page does. */
  async close(): Promise<void> {
    for (const group of this.#groups) await group.close();
  }
}

function told(thrown: unknown): { code: string; rank: number | undefined; message: string } {
  if (thrown instanceof LabError) return thrown;
  return { code: 'no LabError', rank: undefined, message: String(thrown) };
}

/** What comes of the work, or that it takes longer. No timer goes on behind it, and holds what the work has held. */
export async function unlessLate<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param before what befalls it, told in the first message that it gets */
export function startRank(before?: Before): Worker {
  const worker = new Worker(new URL('./chaos.rank.ts', import.meta.url), { type: 'module' });
  if (before !== undefined) worker.postMessage({ before });
  return worker;
}

/** A worker of this script. */
export function scriptOf(script: string): Worker {
  return new Worker(`data:text/javascript,${encodeURIComponent(script)}`, { type: 'module' });
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
