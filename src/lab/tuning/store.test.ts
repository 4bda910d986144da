import { expect, test, vi } from 'vitest';
import type { ShapeClass } from '../../tuning/shapeClass.ts';
import { keyText, type Tuned, type TunedTable } from '../../tuning/table.ts';
import type { TuningRank } from './rank.ts';
import type { TuningShelf } from './shelf.ts';
import { createTuningStore } from './store.ts';

const KEY = { adapter: 'maker', browser: 'Chromium 156', kernels: 'abcd' };
const OLD: TunedTable = { ...KEY, kernels: 'of old', date: '2026-01-01T00:00:00.000Z', linear: {} };
const CLASSES: readonly ShapeClass[] = ['512x512x512', '64x2048x8192', '16x2048x2048'];

function fakeShelf(...kept: TunedTable[]): TuningShelf & { readonly kept: Map<string, TunedTable> } {
  const tables = new Map(kept.map((table) => [keyText(table), table]));
  return {
    kept: tables,
    tables: async () => [...tables.values()],
    put: async (table) => void tables.set(keyText(table), table),
    clear: async () => tables.clear(),
  };
}

function fakeRank(software = false, tune?: TuningRank['tune']) {
  const timed = { m: 64, k: 512, n: 512 };
  const tuned: Tuned = {
    variant: 'tiles-64',
    guess: 'tiles-32',
    timed,
    mediansMs: [['tiles-64', 1]],
    refused: [],
  };
  const rank = {
    adapter: { key: KEY, label: 'Maker', software },
    tune: vi.fn(tune ?? (async () => tuned)),
    close: vi.fn(async () => {}),
  };
  return { rank, launch: async () => rank };
}

test('measures class after class, keeps each at once, and beside older tables', async () => {
  const shelf = fakeShelf(OLD);
  const { rank, launch } = fakeRank();
  const store = createTuningStore({ openShelf: async () => shelf, launch });
  await store.getState().ready();
  expect(store.getState()).toMatchObject({ opened: true, tables: [OLD] });
  const seen: unknown[] = [];
  store.subscribe(({ progress }) => progress !== null && seen.push([progress.done, shelf.kept.size]));
  await store.getState().tune(CLASSES);
  expect(seen).toContainEqual([0, 1]);
  expect(seen).toContainEqual([2, 2]);
  const [table, older] = store.getState().tables;
  expect(older).toBe(OLD);
  expect(Object.keys(table?.linear ?? {})).toEqual(CLASSES);
  expect(shelf.kept.get(keyText(KEY))).toEqual(table);
  expect(rank.close).toHaveBeenCalledOnce();
  expect(store.getState()).toMatchObject({ phase: 'idle', progress: null, failure: null });
  await store.getState().clear();
  expect([store.getState().tables, shelf.kept.size]).toEqual([[], 0]);
});

test('unasked, it measures what is missing, and nothing in software', async () => {
  const shelf = fakeShelf();
  const real = fakeRank();
  const store = createTuningStore({ openShelf: async () => shelf, launch: real.launch });
  await store.getState().tune(CLASSES.slice(0, 1));
  await store.getState().tuneUnasked(CLASSES);
  expect(real.rank.tune.mock.calls.map(([cls]) => cls)).toEqual(CLASSES);
  const soft = fakeRank(true);
  await createTuningStore({ openShelf: async () => fakeShelf(), launch: soft.launch })
    .getState()
    .tuneUnasked(CLASSES);
  expect(soft.rank.tune).not.toHaveBeenCalled();
  expect(soft.rank.close).toHaveBeenCalledOnce();
});

test('what is stopped keeps what it has measured', async () => {
  const { rank, launch } = fakeRank();
  const store = createTuningStore({ openShelf: async () => fakeShelf(), launch });
  store.subscribe(({ progress }) => progress?.done === 1 && store.getState().stop());
  await store.getState().tune(CLASSES);
  expect(Object.keys(store.getState().tables[0]?.linear ?? {})).toEqual(CLASSES.slice(0, 2));
  expect(rank.close).toHaveBeenCalledOnce();
  expect(store.getState()).toMatchObject({ phase: 'idle', failure: null });
});

test('says what failed, if it was asked', async () => {
  const lost = async () => {
    throw new Error('The GPU was lost.');
  };
  const store = createTuningStore({
    openShelf: async () => fakeShelf(),
    launch: fakeRank(false, lost).launch,
  });
  await store.getState().tuneUnasked(CLASSES);
  expect(store.getState().failure).toBeNull();
  await store.getState().tune(CLASSES);
  expect(store.getState().failure).toMatch('The GPU was lost.');
});

test('works without a place to keep tables, and says so', async () => {
  const store = createTuningStore({
    openShelf: async () => {
      throw new Error('storage is off');
    },
    launch: fakeRank().launch,
  });
  await store.getState().ready();
  expect(store.getState().keepProblem).toBe('Kernels are not kept beyond this visit: storage is off.');
  await store.getState().tune(CLASSES);
  expect(store.getState().tables).toHaveLength(1);
});
