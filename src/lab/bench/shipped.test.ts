import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { SHIPPED, type ShippedRun } from './shipped.ts';
import { createBenchStore } from './store.ts';
import { keptRun, memory, readHere } from './testing/standIns.ts';

vi.stubGlobal('document', { hidden: false });

const folder = new URL('../../../public/runs/', import.meta.url);
const fromDisk = async ({ file }: ShippedRun) => new Blob([readFileSync(new URL(file, folder))]);

function open(fetchShipped: typeof fromDisk, history = memory()) {
  const store = createBenchStore({ fetchShipped, read: readHere, openHistory: async () => history });
  return vi.waitFor(() => {
    expect(store.getState().opened).toBe(true);
    return store.getState;
  });
}

it('can read each run that comes with the page', async () => {
  for (const run of SHIPPED) {
    const state = await open(fromDisk);
    expect(await state().importFrom(await fromDisk(run), run.name), run.name).toBe(true);
    expect(state().runs.length).toBeGreaterThan(0);
  }
});

it('draws the first where nothing has run yet, and keeps it as no run', async () => {
  const state = await open(fromDisk);
  await vi.waitFor(() => expect(state().shipped?.results.length).toBeGreaterThan(100));
  expect(state()).toMatchObject({ shipped: { run: SHIPPED[0] }, runs: [], shown: null, importProblem: null });
});

it('draws none where there is a run, or no network', async () => {
  const fetched = vi.fn(fromDisk);
  const history = memory();
  await history.putRun(keptRun('a'), []);
  await open(fetched, history);
  expect(fetched).not.toHaveBeenCalled();
  const state = await open(() => Promise.reject(new LabError('device', 'no network')));
  await new Promise((resolve) => setImmediate(resolve));
  expect(state()).toMatchObject({ shipped: null, importProblem: null });
});
