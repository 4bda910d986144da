// What public/torch/benchmark.py makes of its arguments and of its place among the ranks.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Flag, parseOptions } from '../../src/bench/parseOptions.ts';
import { skipWithout } from '../../tests/setup/needs.ts';
import { INTERPRETER, PYTHON, PYTORCH, type Python, SCRIPT, startPython } from './processes.ts';

interface Start {
  readonly argument: string;
  /** That PyTorch sees. */
  readonly gpus?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** [args.gpu, args.out] of each start; or its exit code, and what it printed. */
async function parsed(python: Python, starts: readonly Start[]): Promise<[number, string | null][]> {
  return (await python.evaluate(`
import benchmark, importlib

def parsed(argument, gpus=0, environment={}):
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"):
        os.environ.pop(name, None)
    os.environ.update(environment)
    importlib.reload(benchmark)
    torch.cuda.device_count = lambda: gpus
    sys.argv, sys.stderr = ["benchmark.py", argument], io.StringIO()
    try:
        args = benchmark.parse()
        return [args.gpu, args.out]
    except SystemExit as end:
        return [end.code, sys.stderr.getvalue()]

result = [parsed(**start) for start in json.loads(${JSON.stringify(JSON.stringify(starts))})]`)) as [
    number,
    string | null,
  ][];
}

/** Of 8 ranks on two machines. */
const SIXTH = { RANK: '5', WORLD_SIZE: '8', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '1' };
const NOWHERE = '/no/such/folder/run.json';

describe('arguments of benchmark.py', () => {
  let python: Python;
  beforeAll(async () => {
    if (PYTORCH.here) python = await startPython();
  }, 120_000); // where cores are few and busy, PyTorch alone takes seconds to load
  afterAll(() => python?.end());
  beforeEach((context) => skipWithout(PYTORCH, context));

  test('what cannot be run is answered by a sentence', async () => {
    const sentences = {
      '--sizes=3': "argument --sizes: '3' is not a multiple of 4 bytes",
      '--shapes=4x5': "argument --shapes: '4x5' is not m, k and n of a product",
      '--ops=all_redcue': "argument --ops: 'all_redcue' is not in this suite",
      '--budget=fast': "argument --budget: 'fast' is not a time",
      '--tokens=0': "argument --tokens: '0' is not a whole number from 1 on",
      [`--out=${NOWHERE}`]: `'${NOWHERE}' is not a file that can be written to`,
      '--budget=0s': "argument --budget: '0s' is not a time from 10ms to 60s",
      '--bud=1s': 'unrecognized arguments: --bud=1s',
      '--backend=nccl': 'nccl needs a GPU for each rank',
    };
    const answers = await parsed(
      python,
      Object.keys(sentences).map((argument) => ({ argument })),
    );
    const expected = Object.values(sentences).map((sentence) => [2, expect.stringContaining(sentence)]);
    expect(answers).toEqual(expected);
    for (const [, text] of answers) expect(text).toMatch(/^[^\n]+\n$/);
  });

  test('a rank speaks of its own place, the first of a machine of arguments', async () => {
    const { MASTER_PORT: _, ...without } = SIXTH;
    const answers = await parsed(python, [
      { argument: '--backend=nccl', gpus: 4, environment: SIXTH },
      { argument: '--backend=gloo', environment: without },
      { argument: '--sizes=3', environment: SIXTH },
      { argument: '--sizes=3', environment: { ...SIXTH, RANK: '4', LOCAL_RANK: '0' } },
    ]);
    expect(answers).toEqual([
      [2, expect.stringMatching(/^rank 5: .*nccl needs .*LOCAL_RANK is 5, .*sees 4 .*\n$/)],
      [2, expect.stringMatching(/^rank 5: MASTER_PORT is not set.*\n$/)],
      [2, ''],
      [2, expect.stringContaining("'3' is not a multiple of 4 bytes")],
    ]);
  });

  test('a rank takes its GPU, or the only one that it is shown', async () => {
    const argument = '--backend=nccl';
    const answers = await parsed(python, [
      { argument, gpus: 4, environment: { ...SIXTH, LOCAL_RANK: '1' } },
      { argument, gpus: 1, environment: { ...SIXTH, LOCAL_RANK: '3' } },
    ]);
    expect(answers).toEqual([
      [1, null],
      [0, null],
    ]);
  });

  test('only the first rank needs the folder that it writes to', async () => {
    expect(await parsed(python, [{ argument: `--out=${NOWHERE}`, environment: SIXTH }])).toEqual([
      [5, NOWHERE],
    ]);
  });

  test('what our own command line takes it takes, and what that refuses it refuses', async () => {
    const texts: Partial<Record<Flag, readonly string[]>> = {
      suite: ['', 'none', 'layers', 'all'],
      ops: ['', ' all_reduce', 'mlp,mlp', 'nope', 'all_reduce,,mlp'],
      sizes: ['', '0', '3', '4KB', '4kib', '4 KiB', ' 4', '4KiB,', '-4', '1e3', '٤'],
      shapes: ['', '0x1x1', '1x1', '1x1x1x1', '1×2×3', ' 1x2x3', '01x2x3', '1x2x3,', '1X2X3'],
      tokens: ['', '0', '1.5', '-1', ' 7', '٤', '1e2'],
      past: ['', '-1', '0', 'x'],
      budget: [
        '',
        '0s',
        '0ms',
        '9ms',
        '10ms',
        '60s',
        '61s',
        '-1s',
        '1',
        '1m',
        '.5s',
        '0.5s',
        '1e3ms',
        ' 1 s ',
      ],
      seed: ['', '-1', '0', '1.5', '1,2', '4294967295', '4294967296', 'NaN'],
    };
    const odd = Object.entries(texts).flatMap(([flag, values]) =>
      values.map((value) => [flag, value] as const),
    );
    const suite = { suite: 'collectives,layers' }; // theirs by default
    const ours = odd.map(([flag, value]) => isTaken(() => parseOptions({ ...suite, [flag]: value })));
    const theirs = await parsed(
      python,
      odd.map(([flag, value]) => ({ argument: `--${flag}=${value}` })),
    );
    expect(odd.map((one, i) => [...one, theirs[i]?.[0] !== 2])).toEqual(
      odd.map((one, i) => [...one, ours[i]]),
    );
    expect(new Set(ours)).toEqual(new Set([true, false]));
  });
});

function isTaken(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

describe('benchmark.py without PyTorch', () => {
  beforeEach((context) => skipWithout(INTERPRETER, context));

  // A package of the same name that does not load comes first.
  const folder = mkdtempSync(join(tmpdir(), 'ringside-torchless-'));
  beforeAll(() => writeFileSync(join(folder, 'torch.py'), 'raise ImportError("No module named torch")'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(...args: string[]) {
    const env = { ...process.env, PYTHONPATH: folder };
    const { status, stdout, stderr } = spawnSync(PYTHON, ['-B', SCRIPT, ...args], { encoding: 'utf8', env });
    return { status, stdout, stderr };
  }

  test('helps', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const flag of ['backend', 'suite', 'budget', 'out', 'help']) expect(stdout).toContain(`--${flag}`);
  });

  test.each([
    ['--help', '--nonsense', 'unrecognized arguments: --nonsense\n'],
    ['--help', '--tokens=0', "argument --tokens: '0' is not a whole number from 1 on.\n"],
    ['--help', '--ops=nope', "argument --ops: 'nope' is not in this suite, which has all_reduce, "],
  ])('refuses %s %s', (help, argument, sentence) => {
    const { status, stdout, stderr } = run(help, argument);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  test('says what is missing where it is to measure', () => {
    const { status, stdout, stderr } = run('--budget=10ms');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^benchmark.py needs PyTorch 1\.13 or later, which .* No module named torch\. Install[^\n]*\n$/,
    );
  });
});
