/** The sources, against a real server with all manners, good and bad. */

import { afterEach, expect, it, vi } from 'vitest';
import { LabError } from '../base/errors.ts';
import { retried } from './http.ts';
import { openSource } from './openSource.ts';
import type { SourceOptions } from './source.ts';
import { type FileServer, type Manners, serveFiles } from './testing/serveFiles.ts';

const FILE = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 251);
const FILES = {
  'a b.safetensors': FILE,
  'config.json': new TextEncoder().encode('{}'),
  'empty.txt': new Uint8Array(0),
};

let server: FileServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function open(manners: Manners = {}, options: SourceOptions = {}) {
  server = await serveFiles(FILES, manners);
  return openSource({ kind: 'url', base: server.base }, options);
}

async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof LabError)) throw new Error(`no LabError: ${String(thrown)}`);
  return { code: thrown.code, message: thrown.message };
}

const range = { start: 1000, end: 61_000 };

it('asks a server for a part, and gets no more', async () => {
  let counted = 0;
  const source = await open({}, { onBytes: (count) => (counted += count) });
  expect(await source.sizeOf('a b.safetensors')).toBe(FILE.length);
  expect(await source.read('a b.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
  expect(server?.log.map((one) => one.range)).toEqual(['bytes=0-0', 'bytes=1000-60999']);
  expect(counted).toBe(60_000);
  expect(await source.whole('config.json')).toEqual(FILES['config.json']);
});

it('has no answer stored, of whatever it asks for: Chrome gives a range out as the whole file later', async () => {
  const asked = vi.spyOn(globalThis, 'fetch');
  const source = await open({ hidesRanges: true });
  await source.sizeOf('a b.safetensors'); // of a server that shows no Content-Range, by HEAD too
  await source.read('a b.safetensors', range);
  await source.whole('config.json');
  const inits = asked.mock.calls.map(([, init]) => init);
  asked.mockRestore();
  expect(inits.map((init) => init?.method ?? 'GET')).toEqual(['GET', 'HEAD', 'GET', 'GET']);
  expect(inits.map((init) => init?.cache)).toEqual(inits.map(() => 'no-store'));
});

it('goes on where an answer was cut, as often as it gets on', async () => {
  const source = await open({ cuts: { after: 9000, times: 6 } });
  expect(await source.read('a b.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
  const starts = server?.log.map((one) => Number(/\d+/.exec(one.range ?? '')?.[0]));
  expect(starts).toEqual([1000, 10_000, 19_000, 28_000, 37_000, 46_000, 55_000]);
  expect(server?.log.reduce((sum, { sent }) => sum + sent, 0)).toBe(60_000);
});

it('asks again where a server is busy', async () => {
  const source = await open({ statuses: [503, 429] });
  expect(await source.read('a b.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
});

it('fetches the whole file once from a server without ranges, and says so', async () => {
  const warnings: string[] = [];
  const source = await open({ ignoresRanges: true }, { onWarning: (sentence) => warnings.push(sentence) });
  const ranges = [range, { start: 0, end: 10 }, { start: 99_000, end: 100_000 }];
  const parts = await Promise.all(ranges.map((one) => source.read('a b.safetensors', one)));
  expect(parts).toEqual(ranges.map(({ start, end }) => FILE.slice(start, end)));
  expect(await source.sizeOf('a b.safetensors')).toBe(FILE.length);
  expect(await source.read('a b.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
  expect(warnings).toEqual([
    'The server of a b.safetensors knows no ranges: every rank fetches all of it, and not its own part alone.',
  ]);
});

it('works where the page may not see Content-Range', async () => {
  const source = await open({ hidesRanges: true });
  expect(await source.sizeOf('a b.safetensors')).toBe(FILE.length);
  expect(await source.read('a b.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
});

it('says what is wrong', async () => {
  const source = await open();
  expect(await source.sizeOf('none')).toBeNull();
  expect(await source.whole('none')).toBeNull();
  expect(await refusal(source.read('none', range))).toMatchObject({
    code: 'input',
    message: expect.stringMatching(/^There is no none at http:/),
  });
  await server?.close();
  const shifted = await open({ shifts: true });
  expect((await refusal(shifted.read('a b.safetensors', range))).message).toBe(
    "The server's answer for a b.safetensors from byte 1000 on begins at byte 1001.",
  );
  await server?.close();
  const forbidden = await open({ statuses: [403] });
  expect((await refusal(forbidden.whole('config.json'))).message).toMatch(
    /^The server answers 403 to the request/,
  );
});

it('gives up after some tries that got nowhere', async () => {
  let tries = 0;
  const fail = async (): Promise<never> => {
    tries++;
    throw new TypeError('fetch failed');
  };
  const broken = retried(undefined, fail, [0, 0]);
  expect(await refusal(broken)).toMatchObject({
    code: 'environment',
    message: expect.stringContaining('The download broke, and trying again did not help (fetch failed).'),
  });
  expect(tries).toBe(3);
});

it('stops when it is told', async () => {
  const stopping = new AbortController();
  const source = await open({}, { signal: stopping.signal, onBytes: () => stopping.abort() });
  expect(
    await refusal(
      source.read('a b.safetensors', { start: 0, end: 100_000 }).then(() => source.whole('config.json')),
    ),
  ).toEqual({
    code: 'closed',
    message: 'The loading was stopped.',
  });
});

it('reads parts of files that were picked', async () => {
  const files = { 'model.safetensors': new Blob([FILE]) };
  const source = openSource({ kind: 'files', files });
  expect(await source.sizeOf('model.safetensors')).toBe(FILE.length);
  expect(await source.sizeOf('toString')).toBeNull();
  expect(await source.read('model.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
  const past = await refusal(source.read('model.safetensors', { start: 0, end: 100_001 }));
  expect(past).toEqual({
    code: 'input',
    message: 'model.safetensors ends at byte 100000; 100001 are needed.',
  });
  expect((await refusal(source.read('other', range))).message).toBe('There is no file other.');
});

it('copies parts of files that are shared', async () => {
  const shared = new SharedArrayBuffer(FILE.length);
  new Uint8Array(shared).set(FILE);
  let told = 0;
  const onBytes = (count: number): void => {
    told += count;
  };
  const source = openSource({ kind: 'shared', files: { 'model.safetensors': shared } }, { onBytes });
  expect(await source.sizeOf('model.safetensors')).toBe(FILE.length);
  expect(await source.sizeOf('toString')).toBeNull();
  expect(await source.read('model.safetensors', range)).toEqual(FILE.slice(range.start, range.end));
  expect(told).toBe(range.end - range.start);
  expect(await source.whole('model.safetensors')).toEqual(new Uint8Array(FILE));
  expect(await source.whole('other')).toBeNull();
  const past = await refusal(source.read('model.safetensors', { start: 0, end: 100_001 }));
  expect(past.message).toBe('model.safetensors has no bytes 0 … 100001.');
});
