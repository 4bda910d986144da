import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { ExperimentStore } from '../experiment.ts';
import type { SplitKinds } from '../split/experiment.ts';
import { finished } from './lab.ts';

test('a run that was interrupted is no device that failed', async () => {
  const failure = { code: 'interrupted', message: 'The machine slept.' } as const;
  const state = { phase: 'running', failure: null, run: null, problem: null };
  const store = createStore(() => state as unknown as ExperimentStore<SplitKinds>);
  const run = finished(store);
  store.setState({ phase: 'idle', failure });
  await expect(run).rejects.toMatchObject(failure);
});
