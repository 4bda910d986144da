import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type SplitStore, splitExperiment } from '#lab/split/experiment.ts';
import { configOf, DEFAULT_PARAMS, problemWith, type SplitParams } from '#lab/split/params.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { timelineOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { leave, places } from './address.ts';
import { bindUrl } from './bindUrl.ts';

/** A browser's address and history, as far as they matter here. */
class FakeWindow extends EventTarget {
  entries = [''];
  at = 0;
  get location() {
    return { hash: this.entries[this.at] ?? '' };
  }
  history = {
    pushState: (_: unknown, __: string, hash: string) => {
      this.entries = [...this.entries.slice(0, this.at + 1), hash];
      this.at++;
    },
    replaceState: (_: unknown, __: string, hash: string) => {
      this.entries[this.at] = hash;
    },
  };
  back() {
    this.at--;
    this.dispatchEvent(new Event('popstate'));
  }
  forward() {
    this.at++;
    this.dispatchEvent(new Event('popstate'));
  }
}

function runOf(params: SplitParams): SplitRun {
  const plan = planSplit(configOf(params));
  return { params, plan, timeline: timelineOf(plan) } as unknown as SplitRun;
}

/** The store without ranks: a legal change is a run 50 ms later. */
function fakeStore(): StoreApi<SplitStore> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return createStore<SplitStore>((set, get) => {
    const run = runOf(DEFAULT_PARAMS);
    const actions = {
      change(patch: Partial<SplitParams>) {
        const params = { ...get().params, ...patch };
        set({ params, problem: problemWith(params) });
        clearTimeout(timer);
        if (get().problem !== null) return;
        timer = setTimeout(() => {
          const next = runOf(params);
          set({ run: next, at: next.timeline.length - 1, selected: null });
        }, 50);
      },
      seek: (at: number) => set({ at }),
      select: (selected: SplitStore['selected']) => set({ selected }),
    };
    const state = { params: DEFAULT_PARAMS, problem: null, run, at: run.timeline.length - 1, selected: null };
    return { ...state, ...actions } as unknown as SplitStore;
  });
}

let host: FakeWindow;
let store: StoreApi<SplitStore>;
let unbind: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeWindow();
  store = fakeStore();
  unbind = bindUrl(store, splitExperiment, host as unknown as Window);
});
afterEach(() => {
  unbind();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTime(2000);

it('makes one entry of each change that follows a pause', () => {
  store.getState().change({ ranks: 3 });
  settle();
  store.getState().change({ split: 'column' });
  settle();
  expect(host.entries).toEqual(['', '#/split?ranks=3', '#/split?split=column&ranks=3']);
});

it('makes one entry of a slider that is dragged', () => {
  for (let m = 9; m <= 40; m++) {
    store.getState().change({ m });
    vi.advanceTimersByTime(90);
  }
  settle();
  expect(host.entries).toEqual(['', '#/split?m=40']);
});

it('undoes and redoes by Back and Forward', () => {
  store.getState().change({ ranks: 3 });
  settle();
  store.getState().change({ ranks: 5 });
  settle();
  host.back();
  settle();
  expect(store.getState().params.ranks).toBe(3);
  expect(store.getState().run?.params.ranks).toBe(3);
  host.back();
  settle();
  expect(store.getState().params).toEqual(DEFAULT_PARAMS);
  host.forward();
  settle();
  expect(store.getState().params.ranks).toBe(3);
  expect(host.entries).toEqual(['', '#/split?ranks=3', '#/split?ranks=5']);
});

it('rewrites the entry for the scrubber and the cell, and brings both back', () => {
  store.getState().seek(3);
  store.getState().select({ row: 2, col: 7 });
  settle();
  expect(host.entries).toEqual(['#/split?at=3&cell=2,7']);
  store.getState().change({ ranks: 3 });
  settle();
  host.back();
  settle();
  expect(store.getState()).toMatchObject({ at: 3, selected: { row: 2, col: 7 }, params: DEFAULT_PARAMS });
  expect(host.entries[0]).toBe('#/split?at=3&cell=2,7');
});

it('leaves out a cell that the matrix does not have', () => {
  host.entries = ['#/split?cell=99,0'];
  host.dispatchEvent(new Event('hashchange'));
  settle();
  expect(store.getState().selected).toBeNull();
});

it('goes to an address that cannot run, and back', () => {
  host.history.pushState(null, '', '#/split?m=0');
  host.dispatchEvent(new Event('hashchange'));
  settle();
  expect(store.getState().problem).toContain('M is 0');
  host.back();
  settle();
  expect(store.getState().problem).toBeNull();
});

/** As a link is followed: the page may write before, and hears of it after. */
function follow(hash: string): void {
  leave();
  host.history.pushState(null, '', hash);
  host.dispatchEvent(new Event('hashchange'));
}

it('writes a change made just before a link is followed, so that Back brings it again', () => {
  store.getState().change({ ranks: 3 });
  follow('#/layers');
  expect(host.entries).toEqual(['', '#/split?ranks=3', '#/layers']);
  settle();
  host.back();
  settle();
  expect(store.getState().params.ranks).toBe(3);
  expect(host.entries).toEqual(['', '#/split?ranks=3', '#/layers']);
});

it('remembers where the page stands, for links that lead back to it', () => {
  expect(places.getState()['split']).toBe('#/split');
  store.getState().change({ ranks: 3 });
  settle();
  expect(places.getState()['split']).toBe('#/split?ranks=3');
  follow('#/layers');
  store.getState().seek(2); // what a run brings that ends meanwhile
  settle();
  expect(places.getState()['split']).toBe('#/split?ranks=3&at=2');
  follow('#/split?ranks=3&at=2');
  settle();
  expect(store.getState()).toMatchObject({ params: { ranks: 3 }, at: 2 });
  host.back();
  host.back();
  settle();
  expect(places.getState()['split']).toBe('#/split?ranks=3');
});

it('remembers a change made just before the address was changed by hand', () => {
  store.getState().change({ ranks: 3 });
  host.history.pushState(null, '', '#/layers');
  host.dispatchEvent(new Event('hashchange'));
  expect(places.getState()['split']).toBe('#/split?ranks=3');
  expect(host.entries).toEqual(['', '#/layers']);
});

it('writes nothing while another page has the address', () => {
  host.entries = ['#/layers'];
  store.getState().change({ ranks: 3 });
  settle();
  expect(host.entries).toEqual(['#/layers']);
});
