/** A model from elsewhere, kept in the real file system of the browser by real ranks: what it is asked for, by the server. */

import { afterEach, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { folderNameOf, READING_LOCK } from '../../src/checkpoint/shardFile.ts';
import type { SourceSpec } from '../../src/checkpoint/source.ts';
import type { FileServer } from '../../src/checkpoint/testing/serveFiles.ts';
import type { ModelFolder } from '../../src/lab/model/folder.ts';
import { readFolderAway } from '../../src/lab/model/folderAway.ts';
import { deleteAllKept, deleteKept, keptModels } from '../../src/lab/model/keptModels.ts';
import { ModelSession } from '../../src/lab/model/session.ts';
import type { ModelLoading } from '../../src/protocol.ts';
import { GREEDY } from '../../src/sampling/sampling.ts';

let session: ModelSession | null = null;
afterEach(async () => {
  await session?.close();
  session = null;
  await deleteAllKept();
});

interface Loaded {
  readonly told: readonly ModelLoading[];
  readonly warnings: ReadonlySet<string>;
  readonly ids: readonly number[];
  readonly kept: number;
}

async function load(base: string): Promise<Loaded> {
  const source: SourceSpec = { kind: 'url', base, keep: true };
  let kept = 0;
  const folder = await readFolderAway(source, 'stories', {
    onBytes: (count, from) => {
      if (from === 'kept') kept += count;
    },
  });
  let told: readonly ModelLoading[] = [];
  const warnings = new Set<string>();
  session = await ModelSession.open(folder, {
    worldSize: 2,
    device: 'cpu',
    onLoading(ranks) {
      told = ranks;
      for (const rank of ranks) for (const sentence of rank.warnings) warnings.add(sentence);
    },
  });
  const ids: number[] = [];
  for await (const one of session.generate([1, 2, 3], { count: 8, sampling: GREEDY }))
    if (one.kind === 'token') ids.push(one.id);
  await session.close();
  return { told, warnings, ids, kept };
}

/** What the server sent of each tensor, by its log. */
function sentOf(
  { checkpoint }: ModelFolder,
  log: FileServer['log'],
): Map<string, { readonly size: number; readonly sent: number }> {
  const asked = log.flatMap(({ file, range, sent }) => {
    const first = /^bytes=(\d+)-/.exec(range ?? '')?.[1];
    return first === undefined ? [] : [{ file, start: Number(first), end: Number(first) + sent }];
  });
  const within = (file: string, start: number, end: number): number =>
    asked
      .filter((one) => one.file === file)
      .reduce((sum, one) => sum + Math.max(0, Math.min(end, one.end) - Math.max(start, one.start)), 0);
  return new Map(
    [...checkpoint].map(([name, { file, start, end }]) => [
      name,
      { size: end - start, sent: within(file, start, end) },
    ]),
  );
}

it('has each rank ask for its own part alone, by what the server sent', async () => {
  const base = await commands.serveStories({});
  const folder = await readFolderAway({ kind: 'url', base, keep: true }, 'stories');
  await commands.askedFor(base, null);
  let told: readonly ModelLoading[] = [];
  session = await ModelSession.open(folder, {
    worldSize: 4,
    device: 'cpu',
    onLoading: (ranks) => (told = ranks),
  });
  const log = await commands.askedFor(base, null);
  for (const [name, { size, sent }] of sentOf(folder, log)) {
    // A norm is every rank's. Of a row split a rank has a strip of each row, and what lies between may come along.
    if (name.endsWith('norm.weight')) expect(sent, name).toBe(4 * size);
    else if (/\.(o|down)_proj\./.test(name)) expect(sent, name).toBeLessThanOrEqual(4 * size);
    else expect(sent, name).toBe(size);
  }
  expect(log.reduce((sum, { sent }) => sum + sent, 0)).toBe(told.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const { bytes, totalBytes, shardBytes, warnings } of told) {
    expect([bytes, warnings]).toEqual([totalBytes, []]);
    expect(shardBytes).toBeLessThan(bytes);
  }
});

it('fetches nothing twice: not behind a cut, nor on the next visit, nor where the server is gone', async () => {
  const base = await commands.serveStories({ forbids: { after: 30 } });
  await expect(load(base)).rejects.toMatchObject({ code: 'input', message: expect.stringContaining('403') });
  const before = await commands.askedFor(base, null);
  expect(before).toHaveLength(30);

  const first = await load(base);
  const after = await commands.askedFor(base, null);
  const shards = [...before, ...after].filter(({ range }) => range !== null);
  expect(after.length).toBeGreaterThan(30);
  // Both ranks ask for what is not split, the norms, and so twice in all.
  for (const one of shards) {
    const asked = shards.filter(({ file, range }) => one.file === file && one.range === range).length;
    expect(asked, `${one.range}`).toBeLessThanOrEqual(2);
  }
  expect(shards.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(
    first.told.reduce((sum, { totalBytes }) => sum + totalBytes, 0) + 20_000,
  );

  const { models, usageBytes, quotaBytes } = await keptModels();
  expect(models.map(({ url, name }) => [url, name])).toEqual([[base, 'folder']]);
  const [model] = models;
  expect(model?.parts.map(({ name }) => name)).toEqual(['2-0', '2-1', 'folder']);
  expect(model?.bytes).toBeGreaterThan(first.told.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(Math.abs(Date.now() - (model?.usedMs ?? 0))).toBeLessThan(60_000);
  expect([typeof usageBytes, typeof quotaBytes]).toEqual(['number', 'number']);

  await commands.stopServer(base);
  const second = await load(base);
  expect(second.ids).toEqual(first.ids);
  expect(second.kept).toBeGreaterThan(10_000);
  for (const { bytes, keptBytes, totalBytes, warnings } of second.told) {
    expect([bytes, keptBytes, warnings]).toEqual([totalBytes, totalBytes, []]);
  }
});

it('works from a server that knows no ranges, and says what that costs', async () => {
  const base = await commands.serveStories({ ignoresRanges: true, hidesRanges: true });
  const { ids, warnings } = await load(base);
  expect(ids).toHaveLength(8);
  expect([...warnings].join()).toContain('knows no ranges: every rank fetches all of it');
});

it('has ranks read what is kept one after another', async () => {
  const base = await commands.serveStories({});
  await load(base);
  await commands.stopServer(base);
  const folder = await readFolderAway({ kind: 'url', base, keep: true }, 'stories');
  // Whoever has the lock has all of them wait, before they have read a byte.
  const { opening } = await navigator.locks.request(READING_LOCK, async () => {
    const opening = ModelSession.open(folder, { worldSize: 2, device: 'cpu' });
    const waiting = async () => (await navigator.locks.query()).pending?.map(({ name }) => name);
    await expect.poll(waiting, { timeout: 10_000 }).toEqual([READING_LOCK, READING_LOCK]);
    return { opening };
  });
  session = await opening;
  expect(session.held.every(({ weightBytes }) => weightBytes > 0)).toBe(true);
});

it('deletes what no rank is loading, and says so of what one is', async () => {
  const base = await commands.serveStories({});
  await load(base);
  const release = await hold(base, '2-1.shard');
  expect((await keptModels()).models[0]?.parts).toHaveLength(3); // still to be seen
  await expect(deleteKept(base)).rejects.toMatchObject({
    code: 'environment',
    message: 'folder is being loaded, here or in another tab, and cannot be deleted now. Stop that first.',
  });
  // Another visit goes on without that file, and says why.
  const warned: string[] = [];
  const folder = await readFolderAway({ kind: 'url', base, keep: true }, 'stories');
  session = await ModelSession.open(folder, {
    worldSize: 2,
    device: 'cpu',
    onLoading: (ranks) => warned.push(...ranks.flatMap(({ warnings }) => warnings)),
  });
  expect(warned).toEqual([
    'Another tab is loading the same part of this model: what is fetched here is not kept.',
  ]);
  await release();
  await session.close();
  await deleteKept(base);
  await deleteKept(base);
  expect((await keptModels()).models).toEqual([]);
  await commands.stopServer(base);
});

/** Takes a file as a rank in another tab does. */
async function hold(base: string, file: string): Promise<() => Promise<void>> {
  const script = `let held = null;
  onmessage = async ({ data: path }) => {
    if (held !== null) return postMessage(held.close());
    let folder = await navigator.storage.getDirectory();
    for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    held = await (await folder.getFileHandle(path.at(-1))).createSyncAccessHandle();
    postMessage(null);
  };`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  const ask = (message: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      worker.onmessage = resolve;
      worker.postMessage(message);
    });
  await ask(['models', folderNameOf(base), file]);
  return async () => {
    await ask(null);
    worker.terminate();
  };
}
