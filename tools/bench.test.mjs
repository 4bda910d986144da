// The command line for real: once with a browser, and where it needs none.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { casesOf } from '../src/bench/cases.ts';
import { FLAGS, parseOptions } from '../src/bench/parseOptions.ts';
import { parseRecord } from '../src/bench/parseRecord.ts';
import { FULL_DEVICE, SIGNALS, skipWithout } from '../tests/setup/needs.ts';
import { readArguments, usage } from './bench/arguments.mjs';
import { ensureBrowser } from './browser.mjs';

const program = fileURLToPath(new URL('bench.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ringside-bench-'));
beforeAll(() => void ensureBrowser(), 600_000); // may have to install one
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * @param {string[]} args
 * @param {(child: import('node:child_process').ChildProcess, stderr: string) => void} onStderr
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function bench(args, onStderr = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
      onStderr(child, stderr);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Of the model that comes along and another, with a file that takes no text where there is such a file. */
let modelRun = /** @type {ReturnType<typeof bench> | null} */ (null);
function benchModels() {
  const model = join(folder, 'another');
  cpSync(fileURLToPath(new URL('../public/models/stories', import.meta.url)), model, { recursive: true });
  const args = ['--suite=model', `--model=${model}`, '--ranks=2', '--device=cpu', '--budget=10ms'];
  const out = FULL_DEVICE.here ? ['--out=/dev/full'] : [];
  modelRun ??= bench([...args, '--tokens=16,1', '--past=0,20', '--format=json', ...out]);
  return modelRun;
}

describe('npm run bench', () => {
  test('measures, writes the record to a file and prints a table', async () => {
    const out = join(folder, 'run.json');
    const flags = { ranks: '2', device: 'cpu', sizes: '4KiB,64KiB', budget: '10ms' };
    const options = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const { code, stdout, stderr } = await bench([...options, '--format', 'json', '--out', out]);
    expect(stderr).toMatch(/^0\/10: /);
    expect(code).toBe(0);
    const [record] = parseRecord(readFileSync(out, 'utf8'));
    const cases = casesOf(parseOptions(flags));
    expect(record?.results).toMatchObject(cases);
    expect(record?.results).toHaveLength(10);
    for (const { samplesMs, ok, wrong } of record?.results ?? []) {
      expect(samplesMs.length).toBeGreaterThanOrEqual(10);
      expect({ ok, wrong }).toEqual({ ok: true, wrong: 0 });
    }
    expect(record?.environment).toMatchObject({ crossOriginIsolated: true, adapter: {} });
    expect(record?.environment.commit).toMatch(/^[0-9a-f]*$/);
    expect(stdout).toMatch(/^ +4096 +1024 +float +all_reduce +2 +cpu /m);
    expect(stdout).toContain('# Wrong values : 0 OK');
  }, 60_000);

  test('measures the model that comes along and one of this machine', async () => {
    const { code, stdout } = await benchModels();
    expect(code).toBe(FULL_DEVICE.here ? 1 : 0);
    const [record] = parseRecord(stdout);
    expect(record?.results.map(({ op, variant, shape }) => [op, variant, shape])).toEqual(
      ['stories', 'another'].flatMap((name) => [
        ['prefill', name, { m: 16, past: 0 }],
        ['decode', name, { m: 1, past: 20 }],
      ]),
    );
    for (const { ok, gflops, maxAbsError } of record?.results ?? []) {
      expect({ ok, fast: gflops > 0, right: maxAbsError < 1e-3 }).toEqual({
        ok: true,
        fast: true,
        right: true,
      });
    }
  }, 120_000); // a busy machine loads two models, each with its ranks

  test('prints the record where the file cannot be written in the end', async (context) => {
    skipWithout(FULL_DEVICE, context);
    const { code, stdout, stderr } = await benchModels();
    expect(code).toBe(1);
    expect(stderr).toContain('--out is /dev/full, which could not be written (ENOSPC');
    expect(parseRecord(stdout)[0]?.results).toHaveLength(4);
  }, 120_000);

  test('ends with 2 and a sentence after what it does not know, beside --help too', async () => {
    const { code, stdout, stderr } = await bench(['--help', '--suite', 'nope']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('“nope” is no suite. Use collectives, layers, gemm, model.');
    expect(stderr).toContain('Try npm run bench -- --help.');
  });

  test('prints what is done when it is interrupted', async (context) => {
    skipWithout(SIGNALS, context);
    // Twenty cases of a second each: the line that follows the first comes long before the end.
    const { code, stdout } = await bench(
      ['--ranks=2', '--device=cpu', '--sizes=2MiB:16MiB', '--budget=1s'],
      (child, stderr) => {
        if (/^[1-9]\d*\/20, /m.test(stderr) && !child.killed) child.kill('SIGINT');
      },
    );
    expect(code).toBe(130);
    const rows = stdout.split('\n').filter((line) => /^ +\d/.test(line));
    expect(rows.length).toBeGreaterThanOrEqual(1);
    expect(rows.length).toBeLessThan(20);
  }, 60_000);
});

describe('its arguments', () => {
  const read = (/** @type {string[]} */ ...args) => readArguments(args, FLAGS);

  test('are flags of what is measured, and its own', () => {
    const args = ['--suite=gemm', '--budget', '1s', '--headed', '--chrome-arg=--a', '--chrome-arg=--b'];
    expect(read(...args)).toEqual({
      flags: { suite: 'gemm', budget: '1s' },
      place: null,
      format: 'table',
      out: null,
      browser: null,
      headed: true,
      chromeArgs: ['--a', '--b'],
      tune: false,
      exhaustive: false,
      traffic: null,
      help: false,
    });
  });

  test('operations are timed by what they move, with as many rows as are asked for', () => {
    expect(read('--traffic').traffic).toBe(4096);
    expect(read('--traffic', '--rows', '64').traffic).toBe(64);
    for (const rows of ['0', '1.5', 'many', '65537'])
      expect(() => read('--traffic', '--rows', rows)).toThrow(`--rows is ${rows}.`);
    expect(() => read('--rows', '64')).toThrow('--rows goes with --traffic.');
  });

  test('a model that is a place is measured beside the one that comes along', () => {
    const model = join(folder, 'my model');
    mkdirSync(model);
    expect(() => read('--suite=model', '--model', model)).toThrow('a folder without config.json');
    writeFileSync(join(model, 'config.json'), '{}');
    const url = '/model/my%20model/';
    expect(read('--suite=model', '--model', model)).toMatchObject({
      flags: { suite: 'model', checkpoints: `stories,${url}` },
      place: { url, folder: model },
    });
    const there = 'https://models.example/a/b';
    expect(read('--suite=all', `--model=${there}`)).toMatchObject({
      flags: { checkpoints: `stories,${there}` },
      place: { url: there, folder: null },
    });
    expect(read('--suite=layers', '--model=llama-3.2-1b/4')).toMatchObject({
      flags: { model: 'llama-3.2-1b/4' },
      place: null,
    });
    expect(() => read('--model=./nowhere')).toThrow('where there is no folder');
    expect(() => read(`--model=${there}`)).toThrow('Add --suite model.');
  });

  test('the format is the one asked for, else that of the ending of --out', () => {
    expect(read('--out', join(folder, 'a.csv')).format).toBe('csv');
    expect(read('--out', join(folder, 'a.csv'), '--format', 'md').format).toBe('md');
    expect(read('--out', join(folder, 'a.txt')).format).toBe('table');
  });

  test.each([
    [['--format', 'xml'], '“xml” is no format. Use table, json, csv, md.'],
    [['--out', '/no/such/folder/a.json'], 'which cannot be written (ENOENT: no such file or directory'],
    [['--out', '/proc/ringside.json'], 'which cannot be written (ENOENT'], // a folder that takes no files
    [['--out', folder], 'which cannot be written (EISDIR'],
    [['--browser', '/no/browser'], '--browser is /no/browser, where there is no file.'],
    [['--speed', 'high'], "Unknown option '--speed'"],
    [['--help', '--nonsense'], "Unknown option '--nonsense'"],
    [['--headed=yes'], "'--headed'"],
    [['stray'], "'stray'"],
  ])('%j is refused', (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });

  test('looking whether --out can be written leaves the folder and the file as they were', () => {
    const [fresh, kept] = [join(folder, 'fresh.json'), join(folder, 'kept.json')];
    writeFileSync(kept, 'earlier');
    read('--out', fresh);
    read('--out', kept);
    expect([existsSync(fresh), readFileSync(kept, 'utf8')]).toEqual([false, 'earlier']);
  });

  test('every flag is in the help', () => {
    for (const flag of [...FLAGS, 'format', 'out', 'browser', 'headed', 'chrome-arg', 'help']) {
      expect(usage).toContain(`  --${flag}`);
    }
  });
});
