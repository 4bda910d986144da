/** The museum's state: which bug is looked at, as it was shipped or mended, and what the ranks made of it. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError } from '../../base/errors.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import { EXHIBITS, type ExhibitId, MUSEUM, museumProgram } from '../../program/museum.ts';
import { planOf } from '../../program/planOf.ts';
import type { MuseumProgram, MuseumRankResult, Rounding } from '../../protocol/lessons.ts';
import type { DeviceChoice, Failure } from '../../protocol.ts';
import { arenaForPlan } from '../arena.ts';
import { failureOf } from '../outcome.ts';
import { launchRanks } from '../tuning/tuning.ts';

/** The one that is no bug: what rounding does to a sum. */
export const ROUNDING = 'rounding';

export interface Visit {
  readonly exhibit: ExhibitId | typeof ROUNDING;
  readonly mended: boolean;
  readonly seed: number;
  readonly device: DeviceChoice;
}

export interface MuseumRun {
  readonly visit: Visit;
  readonly ranks: readonly MuseumRankResult[];
}

export interface MuseumState {
  readonly visit: Visit;
  readonly phase: 'idle' | 'running';
  /** The last one that ended; not always of `visit`. */
  readonly run: MuseumRun | null;
  /** Of the last look at what rounding does: one a number of ranks. */
  readonly rounding: { readonly visit: Visit; readonly on: readonly Rounding[] } | null;
  /** Why the last visit has no result. */
  readonly failure: Failure | null;
  readonly alive: boolean;
}

export interface MuseumStore extends MuseumState {
  look(visit: Partial<Visit>): void;
  rerun(): void;
  stop(): void;
}

export const FIRST_VISIT: Visit = { exhibit: 'bias', mended: false, seed: 1, device: 'auto' };

/** @param start launches ranks for a visit; the tests have ranks of their own */
export function createMuseumStore(first: Visit, start = launchMuseum): StoreApi<MuseumStore> {
  let group: { readonly ranks: RankGroup<MuseumProgram>; readonly device: DeviceChoice } | null = null;
  /** What is to run; null where all has. */
  let wanted: Visit | null = null;
  let looping = false;

  const store = createStore<MuseumStore>(() => ({
    visit: first,
    phase: 'idle',
    run: null,
    rounding: null,
    failure: null,
    alive: false,
    look: (patch) => request({ ...store.getState().visit, ...patch }),
    rerun: () => request(store.getState().visit),
    stop() {
      wanted = null;
      void group?.ranks.close();
      group = null;
      store.setState({ phase: 'idle', alive: false });
    },
  }));

  function request(visit: Visit): void {
    wanted = visit;
    store.setState({ visit, phase: 'running', failure: null });
    if (!looping) void runAll();
  }

  async function runAll(): Promise<void> {
    looping = true;
    while (wanted !== null) {
      const visit = wanted;
      wanted = null;
      try {
        group = group?.ranks.closed === false && group.device === visit.device ? group : await started(visit);
        const { ranks } = group;
        const { exhibit, mended, seed } = visit;
        if (exhibit === ROUNDING) {
          const on = await ranks.all((rank) => rank.rounding(seed));
          store.setState({ rounding: { visit, on }, alive: true });
        } else {
          const found = await ranks.all((rank) => rank.run(exhibit, !mended, seed));
          store.setState({ run: { visit, ranks: found }, alive: true });
        }
      } catch (thrown) {
        if (!(thrown instanceof LabError && thrown.code === 'closed'))
          store.setState({ failure: failureOf(thrown) });
      }
    }
    looping = false;
    store.setState({ phase: 'idle' });
  }

  async function started(visit: Visit) {
    await group?.ranks.close();
    return { ranks: await start(visit.device), device: visit.device };
  }

  request(first);
  return store;
}

function launchMuseum(device: DeviceChoice): Promise<RankGroup<MuseumProgram>> {
  return launchRanks<MuseumProgram>({
    worldSize: MUSEUM.worldSize,
    device,
    memory: { arenaBytes: arenaBytes() },
    trace: 'off',
    program: () =>
      new Worker(new URL('../../rank/programs/museum/museum.rank.ts', import.meta.url), { type: 'module' }),
  });
}

/** What each rank asks of the group's memory: it lives on from one exhibit to the next. */
function arenaBytes(): number {
  const programs = EXHIBITS.flatMap((id) =>
    id === 'window' ? [] : [true, false].map((wrong) => museumProgram(id, MUSEUM.worldSize, wrong)),
  );
  return Math.max(...programs.map((program) => arenaForPlan(planOf(program, { position: 0 }))));
}

export function isExhibit(text: string | null): text is ExhibitId {
  return EXHIBITS.some((id) => id === text);
}
