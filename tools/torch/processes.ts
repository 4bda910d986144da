/** Runs public/torch/benchmark.py with the system's PyTorch. */

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchRecord, LayerOp } from '../../src/bench/record.ts';
import type { Need } from '../../tests/setup/needs.ts';

/** A Python with PyTorch: where Debian's python3-torch is, unless RINGSIDE_PYTHON says otherwise. */
export const PYTHON = process.env['RINGSIDE_PYTHON'] ?? '/usr/bin/python3';
export const SCRIPT = fileURLToPath(new URL('../../public/torch/benchmark.py', import.meta.url));

export const INTERPRETER: Need = {
  here: spawnSync(PYTHON, ['--version']).status === 0,
  reason: `There is no ${PYTHON}. Install Python 3, or set RINGSIDE_PYTHON to one.`,
  installable: true,
};

export const PYTORCH: Need = {
  // Found, and not loaded, which takes seconds.
  here:
    spawnSync(PYTHON, [
      '-c',
      'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)',
    ]).status === 0,
  reason: `${PYTHON} has no PyTorch. Install Debian's python3-torch, or set RINGSIDE_PYTHON to a Python that has it.`,
  installable: true,
};

/** What a layer gave, as `--outputs` writes it. */
export interface Output {
  readonly op: LayerOp;
  readonly shape: Readonly<Record<string, number>>;
  readonly output: readonly number[];
}

export interface Run {
  /** What each rank printed. */
  readonly printed: readonly string[];
  readonly record: BenchRecord;
  readonly outputs: readonly Output[];
}

/**
 * What all ranks write together.
 * @param folder for what they write
 * @throws Error where one does not end well, with what all of them printed
 */
export async function runRanks(worldSize: number, args: readonly string[], folder: string): Promise<Run> {
  const record = join(folder, `record-${worldSize}.json`);
  const outputs = join(folder, `outputs-${worldSize}.json`);
  const all = [SCRIPT, '--backend=gloo', ...args, `--out=${record}`, `--outputs=${outputs}`];
  const ended = await startRanks(worldSize, all);
  if (ended.some(({ code }) => code !== 0)) {
    throw new Error(`benchmark.py failed:\n${ended.map(({ printed }) => printed).join('\n')}`);
  }
  return {
    printed: ended.map(({ printed }) => printed),
    record: JSON.parse(readFileSync(record, 'utf8')),
    outputs: JSON.parse(readFileSync(outputs, 'utf8')),
  };
}

export interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/**
 * Starts Python once a rank as torchrun does, with its place in the environment: Debian's own torchrun does not start.
 * @param args of Python, the same on all ranks
 */
export async function startRanks(worldSize: number, args: readonly string[]): Promise<Ended[]> {
  const group = {
    MASTER_ADDR: '127.0.0.1',
    MASTER_PORT: `${await freePort()}`,
    WORLD_SIZE: `${worldSize}`,
    OMP_NUM_THREADS: '1',
  };
  return Promise.all(
    Array.from({ length: worldSize }, (_, rank) => start(args, { ...group, RANK: `${rank}` })),
  );
}

export interface Python {
  /** What Python code has in `result` at its end, after `from benchmark import *`. Each finds benchmark.py as loaded anew. */
  evaluate(code: string): Promise<unknown>;
  end(): void;
}

const ANSWER = `
import importlib, io, json, os, sys, traceback
sys.path.insert(0, sys.argv[1])
import benchmark
for line in sys.stdin:
    before = sys.argv, sys.stdout, sys.stderr, dict(os.environ)
    try:
        importlib.reload(benchmark)
        names = dict(io=io, json=json, sys=sys)
        exec("from benchmark import *\\n" + json.loads(line), names)
        answer = dict(result=names["result"])
    except BaseException:
        answer = dict(error=traceback.format_exc())
    sys.argv, sys.stdout, sys.stderr, environment = before
    os.environ.clear()
    os.environ.update(environment)
    print(json.dumps(answer), flush=True)
`;

/** A process that answers one question after another once it has PyTorch, which takes longer to load than any of them. */
export async function startPython(environment: Readonly<Record<string, string>> = {}): Promise<Python> {
  // -B: no compiled file beside the published one.
  const child = spawn(PYTHON, ['-B', '-c', ANSWER, dirname(SCRIPT)], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const python: Python = {
    async evaluate(code) {
      child.stdin.write(`${JSON.stringify(code)}\n`);
      const { value, done = false } = await answers.next();
      if (done) throw new Error('Python ended.');
      const answer = JSON.parse(value);
      if ('error' in answer) throw new Error(answer.error);
      return answer.result;
    },
    end() {
      child.stdin.end();
    },
  };
  await python.evaluate('result = None');
  return python;
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  // One that waits for others for good is ended: it would outlive the test.
  const child = spawn(PYTHON, args, { env: { ...process.env, ...environment }, timeout: 60_000 });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      printed += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, printed }));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
