import { expect, test, vi } from 'vitest';
import { LabError } from '../../base/errors.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import type { MuseumProgram } from '../../protocol/lessons.ts';
import { createMuseumStore, FIRST_VISIT } from './store.ts';

/** Ranks that answer with what they were asked for, when `go` is called. */
function ranks(answer: () => Promise<void> = async () => {}) {
  const asked: string[] = [];
  const group = {
    closed: false,
    close: async () => {
      group.closed = true;
    },
    async all(call: (rank: Pick<MuseumProgram, 'run'>) => unknown) {
      call({
        run: (exhibit, wrong, seed) => Promise.resolve(asked.push(`${exhibit} ${wrong} ${seed}`)) as never,
      });
      await answer();
      return [];
    },
  };
  return { asked, group, start: vi.fn(async () => group as unknown as RankGroup<MuseumProgram>) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('it opens on a run, and keeps its ranks for the next', async () => {
  const { asked, start } = ranks();
  const store = createMuseumStore(FIRST_VISIT, start);
  expect(store.getState().phase).toBe('running');
  await settle();
  store.getState().look({ mended: true });
  await settle();
  expect(asked).toEqual(['bias true 1', 'bias false 1']);
  expect(start).toHaveBeenCalledOnce();
  expect(store.getState()).toMatchObject({ phase: 'idle', alive: true, failure: null });
  expect(store.getState().run?.visit).toBe(store.getState().visit);
});

test('of changes that come while it runs, the last is run', async () => {
  const { asked, start } = ranks(settle as () => Promise<void>);
  const store = createMuseumStore(FIRST_VISIT, start);
  store.getState().look({ exhibit: 'seam' });
  store.getState().look({ exhibit: 'norm' });
  await vi.waitFor(() => expect(store.getState().phase).toBe('idle'));
  expect(asked.at(-1)).toBe('norm true 1');
  expect(asked).not.toContain('seam true 1');
});

test('a failure is told, and another run mends it', async () => {
  let fails = true;
  const { start } = ranks(async () => {
    if (fails) throw new LabError('interrupted', 'The machine slept.');
  });
  const store = createMuseumStore(FIRST_VISIT, start);
  await settle();
  const failure = { code: 'interrupted', message: 'The machine slept.' }; // nobody's fault, and so shown
  expect(store.getState()).toMatchObject({ failure, run: null, phase: 'idle' });
  fails = false;
  store.getState().rerun();
  await settle();
  expect(store.getState()).toMatchObject({ failure: null, phase: 'idle' });
  expect(store.getState().run).not.toBeNull();
});

test('stopped, it has no ranks left, and takes new ones for the next run', async () => {
  const { group, start } = ranks();
  const store = createMuseumStore(FIRST_VISIT, start);
  await settle();
  store.getState().stop();
  expect(group.closed).toBe(true);
  expect(store.getState().alive).toBe(false);
  group.closed = false;
  store.getState().rerun();
  await settle();
  expect(start).toHaveBeenCalledTimes(2);
});
