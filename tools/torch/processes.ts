/** Runs public/torch/benchmark.py with the system's PyTorch. */

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
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
  here: spawnSync(PYTHON, ['-c', 'import torch.distributed']).status === 0,
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

/** What Python code has in `result` at its end, after `from benchmark import *`. */
export function evaluate(code: string, environment: Readonly<Record<string, string>> = {}): unknown {
  const lines = ['import io, json, sys', 'sys.path.insert(0, sys.argv[1])', 'from benchmark import *'];
  const source = [...lines, code, 'print(json.dumps(result))'].join('\n');
  const env = { ...process.env, ...environment };
  // -B: no compiled file beside the published one.
  const { stdout, stderr } = spawnSync(PYTHON, ['-B', '-c', source, dirname(SCRIPT)], {
    encoding: 'utf8',
    env,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
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
