// `npm start` for real, twice at once, with the model that it serves; and its arguments.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readOptions, usage, whyNot } from './start/options.mjs';

const program = fileURLToPath(new URL('start.mjs', import.meta.url));
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ringside-start-'));
/** @type {(() => Promise<void>)[]} */
const stops = [];
afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true });
});

/** Starts one, and has its address once it serves. Its temporary folders are all in ours. */
async function start(/** @type {string[]} */ ...args) {
  const child = spawn(process.execPath, [program, '--no-open', ...args], {
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
  });
  let printed = '';
  /** @type {Promise<string>} */
  const url = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        printed += data;
        const [, address] = /Ringside is at (\S+?)\.? /.exec(printed) ?? [];
        if (address !== undefined) resolve(address);
      });
    }
    child.on('close', () => reject(new Error(printed)));
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const stop = async (/** @type {NodeJS.Signals} */ signal = 'SIGINT') => {
    child.kill(signal);
    await ended;
  };
  stops.push(stop);
  return { url: await url, stop };
}

/** The answer to the page and to all that it names. */
async function statusesAt(/** @type {string} */ url) {
  const page = await fetch(url);
  const names = (await page.text()).match(/(?<=")\.\/[^"]+/g) ?? [];
  const parts = await Promise.all(names.map(async (name) => (await fetch(new URL(name, url))).status));
  return [page.status, ...parts];
}

/** The model that is shipped with the page, as ranks fetch it: a part of the file alone. */
async function partOfModel(/** @type {string} */ url) {
  const model = new URL('models/stories/model.safetensors', url);
  const { status, headers, body } = await fetch(model, { headers: { Range: 'bytes=8-107' } });
  const bytes = new Uint8Array(await new Response(body).arrayBuffer());
  return { status, range: headers.get('Content-Range'), bytes };
}

test('a second start neither disturbs the first nor touches dist/, and both clear up', async () => {
  const before = existsSync(dist) ? statSync(dist).mtimeMs : null;
  const first = await start('--port', '4311');
  const seen = new Set(await statusesAt(first.url));
  let building = true;
  const watching = (async () => {
    while (building) for (const status of await statusesAt(first.url)) seen.add(status);
  })();
  const second = await start('--port', '4311');
  building = false;
  await watching;
  expect([...seen]).toEqual([200]);
  expect(second.url).not.toBe(first.url);
  expect((await fetch(new URL('assets/gone.js', second.url))).status).toBe(404);
  const shipped = readFileSync(new URL('../public/models/stories/model.safetensors', import.meta.url));
  expect(await partOfModel(first.url)).toEqual({
    status: 206,
    range: `bytes 8-107/${shipped.length}`,
    bytes: new Uint8Array(shipped.subarray(8, 108)),
  });
  await first.stop();
  expect(new Set(await statusesAt(second.url))).toEqual(new Set([200]));
  await second.stop('SIGTERM');
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(dist) ? statSync(dist).mtimeMs : null).toBe(before);
}, 240_000); // two builds, where cores may be few and busy

describe('its arguments', () => {
  test('have defaults', () => {
    expect(readOptions([])).toEqual({ port: 4173, host: 'localhost', open: true, help: false });
    expect(readOptions(['--host', '::1', '--port=80', '--no-open'])).toMatchObject({
      host: '::1',
      port: 80,
      open: false,
    });
    expect(readOptions(['--host=my-machine.lan']).host).toBe('my-machine.lan');
  });

  test.each([
    [['--host', ''], '--host is “”. It must be an address'],
    [['--host', ' '], '--host is “ ”.'],
    [['--host', 'http://localhost'], '--host is “http://localhost”.'],
    [['--host', 'localhost:80'], '--host is “localhost:80”.'],
    [['--host', '999.1.1.1'], '--host is “999.1.1.1”.'],
    [['--host', '127.1'], '--host is “127.1”.'],
    [['--host', '-a'], "'--host'"],
    [['--host'], "'--host <value>' argument missing"],
    [['--help', '--nonsense'], "Unknown option '--nonsense'"],
    [['stray'], "'stray'"],
  ])('%j is refused', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
  });

  test.each(['', '0', '65536', '1e3', '0x50', '80.0', '-1', ' 80', '+80'])('port “%s” is refused', (port) => {
    expect(() => readOptions([`--port=${port}`])).toThrow(`--port is “${port}”. It must be`);
  });

  test('what cannot be listened on gets a sentence', () => {
    const where = { host: '8.8.8.8', port: 80 };
    const said = ['ENOTFOUND', 'EADDRNOTAVAIL', 'EACCES'].map((code) =>
      whyNot(Object.assign(new Error('listen'), { code }), where),
    );
    expect(said).toEqual([
      '--host is 8.8.8.8, a name that this machine does not know.',
      expect.stringContaining('--host is 8.8.8.8, which is no address of this machine.'),
      expect.stringContaining('--port is 80, on which'),
    ]);
    expect(whyNot(new Error('No available ports found.'), where)).toBe('No available ports found.');
  });

  test('every option is in the help', () => {
    for (const name of ['port', 'host', 'no-open', 'help']) expect(usage).toContain(`  --${name}`);
  });
});
