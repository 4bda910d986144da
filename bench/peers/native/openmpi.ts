/** OpenMPI's all_reduce, where `mpicc` is: a process a turn, since its ranks spin while they wait. See all_reduce.c. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Entrant } from '../race.ts';

const SOURCE = fileURLToPath(new URL('all_reduce.c', import.meta.url));

/** The program, compiled once; a sentence where it cannot be. */
let program: { readonly path: string } | { readonly problem: string } | null = null;

/** @param bound whether ranks are bound to cores, of which several share one where there are too few */
export function openMpiEntrant(id: string, ranks: number, bytes: number, bound: boolean): Entrant {
  const turn = (runs: number): readonly number[] => {
    const args = [
      '--allow-run-as-root',
      '--oversubscribe',
      '--bind-to',
      bound ? 'core:overload-allowed' : 'none',
      '-np',
      `${ranks}`,
      compiled(),
      `${bytes}`,
      `${runs}`,
    ];
    const { status, stdout, stderr, error } = spawnSync('mpirun', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(error?.message ?? (stderr.trim() || `mpirun ended with ${status}.`));
    return stdout.trim().split(' ').map(Number);
  };
  return {
    id,
    async prepare() {
      const [, wrong = Number.NaN, maxAbsError = Number.NaN] = turn(1);
      return { wrong, maxAbsError, atOnce: Number.POSITIVE_INFINITY };
    },
    iterate: async (runs) => turn(runs)[0] ?? Number.NaN,
    release: async () => {},
    warmsItself: true,
  };
}

function compiled(): string {
  program ??= compile();
  if ('problem' in program) throw new Error(program.problem);
  return program.path;
}

function compile(): NonNullable<typeof program> {
  const path = join(mkdtempSync(join(tmpdir(), 'ringside-peers-')), 'all_reduce');
  const { status, stderr, error } = spawnSync('mpicc', ['-O3', '-o', path, SOURCE, '-lm'], {
    encoding: 'utf8',
  });
  if (error !== undefined) return { problem: 'there is no mpicc here; install OpenMPI with its compiler' };
  return status === 0 ? { path } : { problem: stderr.trim() };
}
