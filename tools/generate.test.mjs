// The command line for real: once with a browser and a folder, and where it needs none.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBrowser } from './browser.mjs';
import { readArguments, usage } from './generate/arguments.mjs';
import * as data from './generate/data.mjs';
import { serveFolder } from './serveFolder.mjs';

const program = fileURLToPath(new URL('generate.mjs', import.meta.url));
const stories = fileURLToPath(new URL('../public/models/stories', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ringside-generate-'));
beforeAll(() => {
  ensureBrowser(); // may have to install one
  cpSync(stories, join(folder, 'my model'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'no part of the folder');
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function generate(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** @returns {{ text: string, continued: string }} what PyTorch makes of the same model */
function golden() {
  const bytes = readFileSync(new URL('../tests/golden/model-stories.safetensors', import.meta.url));
  const length = Number(bytes.readBigUInt64LE(0));
  return JSON.parse(bytes.toString('utf8', 8, 8 + length)).__metadata__;
}

describe('npm run generate', () => {
  test('goes on with a text as PyTorch does, and says how fast', async () => {
    const { text, continued } = golden();
    const args = [
      '--model',
      join(folder, 'my model'),
      '--ranks',
      '2',
      '--device',
      'cpu',
      '--all-reduce',
      'two-shot',
      '--greedy',
      '--trace',
    ];
    const { code, stdout, stderr } = await generate([...args, '--prompt', text, '--stop', 'friends']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${continued.split('friends')[0]}\n` });
    expect(stderr).toMatch(/^2 ranks on cpu, /);
    expect(stderr).toMatch(/^fetched, by rank: (1\.8 MiB for a shard of 1\.4 MiB), \1 as stored$/m);
    expect(stderr).toMatch(/^prefill: \d+ tokens in /m);
    expect(stderr).toMatch(/^decode: \d+ tokens in .* a second$/m);
    expect(stderr).toMatch(/^rank 1, a token in .*: compute /m);
    expect(stderr).toContain(
      'collectives of the prompt and of each token: as predicted\nended by: stop word\n',
    );
  }, 60_000);

  test('rounds the weights of products to blocks, and says how far that is from them', async () => {
    const args = ['--model', join(folder, 'my model'), '--device', 'cpu', '--tokens', '3', '--weights', 'q4'];
    const { code, stderr } = await generate(args);
    expect(code).toBe(0);
    expect(stderr).toContain('weights of products as q4, 8.4 % from those that are stored, in RMS\n');
  }, 60_000);

  test('says what the page says, and ends with 1', async () => {
    const broken = join(folder, 'broken');
    cpSync(stories, broken, { recursive: true });
    writeFileSync(join(broken, 'model.safetensors'), 'nothing');
    const { code, stdout, stderr } = await generate(['--model', broken, '--device', 'cpu']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'The safetensors file cannot be read: it has 7 bytes, and 8 say how long its header is.\n',
    );
  }, 60_000);

  test('ends with 2 and a sentence after what it does not know', async () => {
    const { code, stdout, stderr } = await generate(['--tokens', 'many']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--tokens is “many”. It must be a whole number');
    expect(stderr).toContain('Try npm run generate -- --help.');
  });
});

describe('its arguments', () => {
  const read = (/** @type {string[]} */ ...args) => readArguments(args, data);

  test('have defaults', () => {
    expect(read()).toEqual({
      options: {
        url: '/models/stories/',
        name: 'stories',
        worldSize: 2,
        device: 'auto',
        placement: 'worker',
        algorithm: 'auto',
        weights: 'stored',
        positions: null,
        prompt: 'Once upon a time',
        chat: false,
        count: 64,
        sampling: {},
        stopWords: [],
        traced: false,
      },
      folder: null,
      browser: null,
      headed: false,
      chromeArgs: [],
      help: false,
    });
  });

  test('find the model in a folder or behind a URL', () => {
    expect(read('--model', join(folder, 'my model'))).toMatchObject({
      folder: join(folder, 'my model'),
      options: { url: '/model/my%20model/', name: 'my model' },
    });
    for (const url of ['https://huggingface.co/a/b', 'https://huggingface.co/a/b/resolve/main/']) {
      expect(read('--model', url)).toMatchObject({ folder: null, options: { url, name: 'b' } });
    }
  });

  test('say how an all-reduce is made', () => {
    expect(read('--all-reduce', 'one-shot').options.algorithm).toBe('one-shot');
  });

  test('say how tokens are drawn', () => {
    const { sampling } = read('--temperature=0.5', '--top-k=40', '--seed=-3').options;
    expect(sampling).toEqual({ temperature: 0.5, topK: 40, seed: -3 });
    expect(read('--greedy').options.sampling).toEqual({ temperature: 0 });
  });

  test.each([
    [['--model', '/no/such/folder'], '--model is /no/such/folder, where there is no folder.'],
    [['--model', tmpdir()], 'a folder without config.json'],
    [['--device', 'tpu'], '--device is “tpu”. Use auto, webgpu, cpu.'],
    [['--placement', 'moon'], '--placement is “moon”. Use worker, one-device.'],
    [['--all-reduce', 'tree'], '--all-reduce is “tree”. Use auto, ring, one-shot, two-shot.'],
    [['--weights', 'q5'], '--weights is “q5”. Use stored, q8, q4.'],
    [['--ranks', '0'], '--ranks is “0”. It must be a whole number from 1 to 64.'],
    [['--ranks', '65'], '--ranks is “65”.'],
    [['--context', '1'], '--context is “1”.'],
    [['--tokens', '1e3'], '--tokens is “1e3”.'],
    [['--prompt', ''], '--prompt is empty'],
    [['--temperature', 'hot'], '--temperature is “hot”, which is no number.'],
    [['--top-p', '2'], 'Top-p is 2; it must be above 0, and at most 1.'],
    [['--greedy', '--temperature', '1'], '--greedy is temperature 0'],
    [['--browser', '/no/browser'], '--browser is /no/browser, where there is no file.'],
    [['--help', '--nonsense'], "Unknown option '--nonsense'"],
    [['stray'], "'stray'"],
  ])('%j is refused', (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });

  test('every flag is in the help', () => {
    const flags = [
      'model',
      'prompt',
      'chat',
      'tokens',
      'ranks',
      'device',
      'placement',
      'all-reduce',
      'weights',
      'context',
      'greedy',
      'temperature',
    ];
    const more = [
      'top-k',
      'top-p',
      'min-p',
      'repetition-penalty',
      'seed',
      'stop',
      'trace',
      'browser',
      'headed',
    ];
    for (const flag of [...flags, ...more, 'chrome-arg', 'help']) expect(usage).toContain(`  --${flag}`);
  });
});

test('a folder is served by parts, and nothing beside it', async () => {
  const serve = serveFolder(join(folder, 'my model'));
  const server = createServer((request, response) => serve(request, response, () => {}));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const ask = async (/** @type {string} */ name, /** @type {Record<string, string>} */ headers = {}) => {
    const response = await fetch(base + name, { headers });
    return [response.status, response.headers.get('Content-Range'), await response.text()];
  };
  const config = readFileSync(join(stories, 'config.json'), 'utf8');
  expect(await ask('config.json')).toEqual([200, null, config]);
  const range = `bytes 2-9/${config.length}`;
  expect(await ask('config.json', { Range: 'bytes=2-9' })).toEqual([206, range, config.slice(2, 10)]);
  expect((await ask('config.json', { Range: 'bytes=2-' }))[2]).toBe(config.slice(2));
  expect((await ask('config.json', { Range: 'bytes=9999-' }))[0]).toBe(416);
  for (const name of ['none.json', '..%2Fsecret.txt', '..', '', '%2e%2e%2fsecret.txt']) {
    expect((await ask(name))[0], name).toBe(404);
  }
  server.closeAllConnections();
  server.close();
}, 30_000);
