/** The source that keeps, over a real server and files in memory; in a browser, tests/browser/kept.test.ts. */

import { afterEach, expect, it } from 'vitest';
import { KeptSource } from './KeptSource.ts';
import type { SourceOptions } from './source.ts';
import { MemoryFile } from './testing/MemoryFile.ts';
import { type FileServer, type Manners, serveFiles } from './testing/serveFiles.ts';
import { UrlSource } from './UrlSource.ts';

const FILE = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 251);
const FILES = { 'model.safetensors': FILE, 'config.json': new TextEncoder().encode('{}') };
const MODEL = 'https://hub.example/m/';

let server: FileServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function serve(manners: Manners = {}): Promise<FileServer> {
  server = await serveFiles(FILES, manners);
  return server;
}

/** Nobody else reads in these tests. */
const readInTurn = async <T>(read: () => T): Promise<T> => read();

function open(base: string, file: MemoryFile, options: SourceOptions = {}, model = MODEL): KeptSource {
  return new KeptSource(
    new UrlSource(base, options),
    model,
    { open: () => file.open(), readInTurn },
    options,
  );
}

const parts = [0, 1, 2, 3].map((i) => ({ start: i * 1000, end: (i + 1) * 1000 }));

async function readAll(source: KeptSource): Promise<void> {
  expect(await source.sizeOf('model.safetensors')).toBe(FILE.length);
  expect(await source.sizeOf('index.json')).toBeNull();
  expect(await source.whole('config.json')).toEqual(FILES['config.json']);
  expect(await source.whole('template')).toBeNull();
  for (const part of parts)
    expect(await source.read('model.safetensors', part)).toEqual(FILE.slice(part.start, part.end));
}

/** Lets a close that was asked for happen. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

it('asks the server for nothing the second time, though it is gone', async () => {
  const { base, log } = await serve();
  const file = new MemoryFile();
  const counted = { source: 0, kept: 0 };
  const options: SourceOptions = { onBytes: (count, from) => (counted[from] += count) };
  const first = open(base, file, options);
  await readAll(first);
  await readAll(first); // from the file, within the first visit too
  const asked = log.length;
  first.close();
  await settled();
  expect(file.locked).toBe(false);
  expect(counted).toEqual({ source: 4002, kept: 4002 });
  await server?.close();
  await readAll(open(base, file, options));
  expect(log.length).toBe(asked);
  expect(counted).toEqual({ source: 4002, kept: 8004 });
});

it('reads what is kept in its turn, and what is not there without one', async () => {
  const { base } = await serve();
  const file = new MemoryFile();
  let turns = 0;
  const counted = async <T>(read: () => T): Promise<T> => {
    turns++;
    return read();
  };
  const keeping = { open: () => file.open(), readInTurn: counted };
  const source = new KeptSource(new UrlSource(base), MODEL, keeping);
  await readAll(source);
  expect(turns).toBe(0);
  await readAll(source);
  expect(turns).toBe(parts.length + 4); // two sizes, a whole file, and that there is none
  source.close();
});

it('goes on where it was stopped, and fetches the rest alone', async () => {
  const { base, log } = await serve();
  const file = new MemoryFile();
  const stopping = new AbortController();
  const first = open(base, file, { signal: stopping.signal });
  for (const part of parts.slice(0, 2)) await first.read('model.safetensors', part);
  const third = first.read('model.safetensors', parts[2] ?? { start: 0, end: 0 });
  stopping.abort();
  await expect(third).rejects.toMatchObject({ code: 'closed' });
  await expect(first.read('model.safetensors', { start: 0, end: 1000 })).rejects.toMatchObject({
    code: 'closed',
  });
  file.close(); // as a browser does for a worker that was ended
  log.length = 0;
  file.truncate(file.bytes.length - 1); // and of the last write something is missing
  await readAll(open(base, file));
  expect(log.map(({ range }) => range)).toEqual([
    'bytes=0-0',
    null,
    'bytes=1000-1999',
    'bytes=2000-2999',
    'bytes=3000-3999',
  ]);
});

it('goes on without keeping where it cannot, and says why once', async () => {
  const { base } = await serve();
  const told: string[] = [];
  const options: SourceOptions = { onWarning: (sentence) => told.push(sentence) };
  const file = new MemoryFile();
  const holder = open(base, file);
  await readAll(holder);

  await readAll(open(base, file, options));
  const missing = async (): Promise<MemoryFile> => {
    throw new DOMException('It is a private window.', 'SecurityError');
  };
  await readAll(new KeptSource(new UrlSource(base), MODEL, { open: missing, readInTurn }, options));
  const small = new MemoryFile();
  small.room = 2500;
  await readAll(open(base, small, options));
  const none = new MemoryFile();
  none.room = 10;
  await readAll(open(base, none, options));
  expect(told).toEqual([
    'Another tab is loading the same part of this model: what is fetched here is not kept.',
    'This browser keeps no files of this page (It is a private window.), so the model is fetched again on the next visit.',
    'The browser has no more room for this model: what does not fit is fetched again on the next visit.',
    'The browser has no more room for this model: what does not fit is fetched again on the next visit.',
  ]);
  holder.close();
});

it('lets a file go that breaks, and forgets what was of no use', async () => {
  const { base, log } = await serve();
  const file = new MemoryFile();
  const source = open(base, file);
  await readAll(source);
  file.read = () => {
    throw new DOMException('The disk is gone.', 'InvalidStateError');
  };
  await readAll(source);
  source.close({ forget: true });
  await settled();
  expect([file.bytes.length, file.locked]).toEqual([0, false]);
  const before = log.length;
  await readAll(source); // past the file
  expect(log.length).toBeGreaterThan(before);
  expect(file.locked).toBe(false);
});
