/** A model's text in its worker: what the page's thread is spared, and how the worker ends. */

import { afterEach, expect, it } from 'vitest';
import { LabError } from '../../src/base/errors.ts';
import { readFolder } from '../../src/lab/model/folder.ts';
import { openTextAway } from '../../src/lab/model/textAway.ts';
import { CalledWorker } from '../../src/lab/workerCalls.ts';
import { largeTokenizer } from '../largeTokenizer.ts';
import { folderOf } from './goldenModels.ts';

let ending = new AbortController();
afterEach(() => {
  ending.abort(new LabError('closed', 'The test is over.'));
  ending = new AbortController();
});

async function files(tokenizer: (small: string) => string = (small) => small) {
  const { source, reference } = await folderOf('stories');
  const folder = await readFolder(source, 'stories');
  const text = tokenizer(new TextDecoder().decode(folder.tokenizer));
  return { folder: { ...folder, tokenizer: new TextEncoder().encode(text) }, reference };
}

function nextTask(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What the page's thread was at for over 50 ms until the work was done, and how long that took, in milliseconds. */
async function timed(work: () => Promise<void>): Promise<{ tasks: number[]; tookMs: number }> {
  const tasks: PerformanceEntry[] = [];
  let endMs = Number.POSITIVE_INFINITY;
  let hear = (_: unknown): void => {};
  const told = new Promise((resolve) => {
    hear = resolve;
  });
  const observer = new PerformanceObserver((list) => {
    tasks.push(...list.getEntries());
    if (tasks.some(({ startTime }) => startTime >= endMs)) hear(null);
  });
  await nextTask(); // or what was done before would be part of it
  observer.observe({ entryTypes: ['longtask'] });
  const startMs = performance.now();
  await work();
  endMs = performance.now();
  // Tasks are told of some time later, in their order: once one that came behind them is, all are.
  await nextTask();
  const longMs = performance.now() + 60;
  while (performance.now() < longMs);
  await told;
  observer.disconnect();
  const during = tasks.filter(({ startTime }) => startTime < endMs);
  return { tasks: during.map(({ duration }) => duration), tookMs: endMs - startMs };
}

it('makes a tokenizer of 128,000 tokens, and encodes a long text, beside the page', async () => {
  const { folder, reference } = await files((small) => largeTokenizer(small, 128_000));
  const { text = '', prompt = '[]' } = reference.metadata;
  const { tasks, tookMs } = await timed(async () => {
    const model = await openTextAway(folder, ending.signal);
    const given = await model.encode(text.repeat(200));
    expect(given.map((token) => token.text).join('')).toBe(text.repeat(200));
    expect((await model.encode(text)).map(({ id }) => id)).toEqual(JSON.parse(prompt));
  });
  // The page hands over a file and takes the answers: of a tokenizer it has not even the code. On a busy machine both take
  // longer.
  expect(Math.max(0, ...tasks)).toBeLessThan(tookMs / 5);
  const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
  expect(fetched.filter((name) => /huggingface/.test(name))).toEqual([]);
  expect(fetched.some((name) => name.includes('textAway'))).toBe(true);
});

it('keeps the sentences of what it refuses', async () => {
  const { folder } = await files();
  const refusal = async (more: object): Promise<unknown> => {
    const model = await openTextAway({ ...folder, ...more }, ending.signal);
    return model.encodeChat([{ role: 'user', content: 'Hello' }]);
  };
  const bytes = new TextEncoder().encode('{"model": {"type": "none"}}');
  for (const [more, sentence] of [
    [{ tokenizer: bytes }, /^tokenizer\.json cannot be used: ./],
    [{ chatTemplate: '{% for %}' }, /^The chat template cannot be used: ./],
    [{ chatTemplate: "{{ raise_exception('Say more') }}" }, /^The chat template cannot be used: Say more\.$/],
    [{ chatTemplate: null }, /^This model has no chat template/],
  ] as const) {
    const refused = refusal(more);
    await expect(refused).rejects.toBeInstanceOf(LabError);
    await expect(refused).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(sentence),
    });
  }
});

it('ends with its signal, and tells why to whoever waits and whoever asks later', async () => {
  const { folder } = await files();
  const model = await openTextAway(folder, ending.signal);
  const reason = new LabError('device', 'The GPU was lost.');
  const waiting = model.encode('Once upon a time');
  ending.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(model.parts([1])).rejects.toBe(reason);
  await expect(openTextAway(folder, ending.signal)).rejects.toBe(reason);
});

it('says so where a worker does not start', async () => {
  const broken = (why: string): LabError => new LabError('environment', `It cannot: ${why}.`);
  const nothing = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(nothing);
  const worker = new CalledWorker<{ add(): number }>(new Worker(nothing), broken);
  await expect(worker.call('add')).rejects.toThrow('It cannot: its worker did not start.');
  await expect(worker.call('add')).rejects.toThrow('It cannot: its worker did not start.');
});
