import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resultOf } from '../../bench/testing/resultOf.ts';
import { createBenchStore } from './store.ts';
import { keptRun, memory, readHere } from './testing/standIns.ts';

async function open() {
  const store = createBenchStore({ read: readHere, openHistory: async () => memory() });
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { store, state: store.getState };
}

function fileOf(count: number, runs = 1): string {
  const { environment } = keptRun('');
  const records = Array.from({ length: runs }, () => ({
    schema: 'ringside-bench/1',
    environment,
    results: Array.from({ length: count }, (_, i) => resultOf({ bytes: 4 * (i + 1) })),
  }));
  return JSON.stringify(records);
}

it('tells how far a file is read, and takes it over as a whole', async () => {
  const { store, state } = await open();
  const told: string[] = [];
  store.subscribe(({ importing, runs }) => {
    told.push(
      importing === null ? `${runs.length} runs` : `${importing.stage} ${importing.done}/${importing.total}`,
    );
  });
  expect(await state().importFrom(fileOf(4000), 'big.json')).toBe(true);
  expect(told.slice(0, 2)).toEqual(['reading 0/0', 'checking 0/0']);
  expect(told.filter((one) => one.startsWith('taking')).length).toBeGreaterThan(1);
  expect(told.at(-1)).toBe('1 runs');
  expect(state().results.get(state().shown ?? '')).toHaveLength(4000);
  expect(state().importing).toBeNull();
});

it('stops in the middle of a file, of which nothing stays', async () => {
  const { store, state } = await open();
  const unsubscribe = store.subscribe(({ importing }) => {
    if (importing?.stage === 'taking') state().stopImport();
  });
  expect(await state().importFrom(fileOf(4000), 'big.json')).toBe(false);
  expect(state()).toMatchObject({ importing: null, importProblem: null, runs: [], shown: null });
  unsubscribe();
  expect(await state().importFrom(fileOf(3), 'small.json')).toBe(true);
  expect(state().runs.map(({ name }) => name)).toEqual(['small.json']);
});

it('shows results of serving until the next import, and makes no run of them', async () => {
  const { state } = await open();
  const served = (name: string): string =>
    readFileSync(new URL(`../../../tests/cases/tables/${name}`, import.meta.url), 'utf8');
  expect(await state().importFrom(served('sglang.jsonl'), 'sglang.jsonl')).toBe(true);
  expect(state()).toMatchObject({ runs: [], importProblem: null, importing: null });
  expect(state().serving?.name).toBe('sglang.jsonl');
  expect(state().serving?.results.map(({ tensorParallel }) => tensorParallel)).toEqual([8, 8]);
  expect(await state().importFrom(`${served('vllm-serve.json')}${fileOf(2)}`, 'both')).toBe(true);
  expect(state().runs.map(({ done }) => done)).toEqual([2]);
  expect(state().serving?.results).toHaveLength(1);
  expect(await state().importFrom(fileOf(1), 'a.json')).toBe(true);
  expect(state().serving).toBeNull();
});

it('reads one file after another', async () => {
  const { state } = await open();
  const read = ['a', 'b', 'c'].map((name) => state().importFrom(fileOf(1), name));
  expect(state().importing?.name ?? 'a').toBe('a');
  expect(await Promise.all(read)).toEqual([true, true, true]);
  expect(state().runs.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
});

it('calls no two runs alike', async () => {
  const { state } = await open();
  for (let i = 0; i < 3; i++) await state().importFrom(fileOf(1), 'Pasted');
  await state().importFrom(fileOf(1, 2), 'two.json');
  await state().importFrom(fileOf(1, 2), 'two.json');
  expect(state().runs.map(({ name }) => name)).toEqual([
    ...['two.json, 2 (2)', 'two.json, 1 (2)', 'two.json, 2', 'two.json, 1'],
    ...['Pasted (3)', 'Pasted (2)', 'Pasted'],
  ]);
});

it('lays over no more runs of a file than one can tell apart', async () => {
  const { state } = await open();
  await state().importFrom(fileOf(1, 12), 'many.json');
  expect(state().runs).toHaveLength(12);
  expect(state().overlays).toHaveLength(8);
  const last = state().runs[0]?.id ?? '';
  state().toggleOverlay(last);
  expect(state().overlays).not.toContain(last);
  state().toggleOverlay(state().overlays[0] ?? '');
  state().toggleOverlay(last);
  expect(state().overlays).toContain(last);
});

it('refuses what the page could not take in', async () => {
  const { state } = await open();
  const { environment } = keptRun('');
  const file = (patch: object, machine: object = {}) =>
    JSON.stringify({
      schema: 'ringside-bench/1',
      environment: { ...environment, ...machine },
      results: [resultOf({}), resultOf(patch)],
    });
  for (const [text, problem] of [
    [file({ note: 'x'.repeat(2001) }), 'A text of result 2 has 2,001 characters. It may have 2,000.'],
    [file({ samplesMs: Array(50_001).fill(1) }), 'Result 2 has 50,001 samples. It may have 50,000.'],
    [file({}, { userAgent: 'x'.repeat(3000) }), 'A text of the environment has 3,000 characters.'],
    [file({}, { adapter: Object.fromEntries([...Array(51).keys()].map((i) => [i, ''])) }), '51 texts'],
  ] as const) {
    expect(await state().importFrom(text, 'a.json')).toBe(false);
    expect(state().importProblem).toContain(problem);
  }
  expect(state().runs).toEqual([]);
});

it.each([
  [
    'more results than can be shown',
    fileOf(10_001),
    'The file holds 10,001 results, and the page shows at most 10,000',
  ],
  ['more runs', fileOf(1, 101), 'The file holds 101 runs, and the page shows at most 100 of a file.'],
  ['no results', fileOf(0), 'The file holds no results.'],
  ['something else than text', 'PNG\0', 'This is not text, as a benchmark is.'],
])('refuses %s', async (_, text, problem) => {
  const { state } = await open();
  expect(await state().importFrom(text, 'a.json')).toBe(false);
  expect(state().importProblem).toContain(`a.json: ${problem}`);
  expect(state()).toMatchObject({ importing: null, runs: [] });
});
