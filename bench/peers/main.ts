/** A run from its first race to the table. */

import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { Arguments } from './arguments.mjs';
import type { PeersPage } from './browser.mjs';
import { contendersOf } from './entrants.ts';
import type { Surroundings } from './page/page.ts';
import { pictureOf } from './picture.ts';
import { race } from './race.ts';
import { recordOf } from './record.ts';
import { type Ran, reportOf } from './report.ts';
import { groupOf, leftOut, placeOf, titleOf, WORKS, type Work } from './works.ts';

const ROUNDS = 31;
/** Fewer where a run on a software adapter takes seconds. */
const LEAST_ROUNDS = { slow: 5, other: 9 } as const;
/** Of a race. */
const BUDGET_MS = 15_000;
const MOST_MS = 4000;
/** A wait for a GPU takes up to three milliseconds where several devices are open. */
const TURN_MS = { cpu: 10, webgpu: 40 } as const;

/**
 * @param signal ends it after the round that it is in: what is done by then is reported
 * @returns whether anything was timed
 */
export async function main(asked: Arguments, page: PeersPage, signal: AbortSignal): Promise<boolean> {
  const around = await page.surroundings();
  console.log(headOf(around, page.bound));
  const races: Ran[] = [];
  for (const work of WORKS.filter((work) => isWanted(work, asked.only))) {
    if (signal.aborted) break;
    if (changesGroup(races, work)) await page.closeAll();
    races.push(await ran(work, asked, { page, signal, software: around.software }));
  }
  console.log(`\n${reportOf(races, around)}`);
  if (asked.out !== null) writeFileSync(asked.out, JSON.stringify(recordOf(around.environment, races)));
  if (asked.picture !== null) draw(asked.picture, races);
  return races.some(({ outcomes }) => outcomes.some(({ kind }) => kind === 'timed'));
}

function draw(path: string, races: readonly Ran[]): void {
  const picture = pictureOf(races);
  if (picture === null)
    throw new Error('There is nothing to draw: it takes products on the CPU, and their limits.');
  writeFileSync(path, picture);
}

interface Around {
  readonly page: PeersPage;
  readonly signal: AbortSignal;
  readonly software: boolean | null;
}

async function ran(work: Work, asked: Arguments, { page, signal, software }: Around): Promise<Ran> {
  const without = leftOut(work, software);
  if (without !== null) return { work, leftOut: without, contenders: [], outcomes: [] };
  process.stderr.write(`${titleOf(work)}\n`);
  const place = placeOf(work);
  const slow = place === 'webgpu' && software === true;
  const python = asked.native && !slow ? (process.env['RINGSIDE_PYTHON'] ?? '/usr/bin/python3') : null;
  const contenders = contendersOf(work, page, python);
  const outcomes = await race(
    contenders.map(({ entrant }) => entrant),
    {
      rounds: asked.rounds ?? ROUNDS,
      leastRounds: asked.rounds ?? (slow ? LEAST_ROUNDS.slow : LEAST_ROUNDS.other),
      budgetMs: BUDGET_MS,
      turnMs: asked.turnMs ?? TURN_MS[place],
      mostMs: MOST_MS,
      signal,
    },
  );
  return { work, leftOut: '', contenders, outcomes };
}

/** Whether those of the last race have had theirs: their memory is needed. */
function changesGroup(races: readonly Ran[], work: Work): boolean {
  const last = races.at(-1);
  return last !== undefined && groupOf(last.work) !== groupOf(work);
}

function isWanted(work: Work, only: readonly string[]): boolean {
  const shapes = only.filter((name) => name.includes('x'));
  const groups = only.filter((name) => !name.includes('x'));
  const shape = work.kind === 'all_reduce' ? null : `${work.m}x${work.k}x${work.n}`;
  return (
    (groups.length === 0 || groups.includes(groupOf(work))) &&
    (shapes.length === 0 || (shape !== null && shapes.includes(shape)))
  );
}

function headOf({ environment, adapter }: Surroundings, bound: boolean): string {
  const browser = /Chrome\/[\d.]+/.exec(environment.userAgent)?.[0] ?? environment.userAgent;
  const load = loadavg()[0]?.toFixed(1) ?? '';
  return `${environment.date}, ${browser}, ${environment.cores} cores, WebGPU: ${adapter}, load ${load} before, ranks bound to cores: ${bound ? 'yes' : 'no'}`;
}
