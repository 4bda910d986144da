/** Who runs in a race: our ranks, libraries in the same browser, PyTorch and OpenMPI beside it, and what the machine can do. */

import { availableParallelism } from 'node:os';
import type { Backend, BenchCase } from '../../src/bench/record.ts';
import { limits } from '../../tools/cpu/limits.ts';
import { openMpiEntrant } from './native/openmpi.ts';
import { type NativeEntrant, pytorchEntrant } from './native/pytorch.ts';
import type { RunnerOf } from './page/page.ts';
import type { LibraryName } from './page/peer.ts';
import type { Entrant, Prepared } from './race.ts';
import { ADDED_BYTES, caseOf, type Place, type Work } from './works.ts';

/** The page that runs what a browser runs. */
export interface PageCalls {
  /** Whether ranks are bound to cores; those of others are to be too. */
  readonly bound: boolean;
  prepare(name: string, of: RunnerOf, one: BenchCase | null): Promise<Prepared>;
  iterate(name: string, runs: number): Promise<number>;
  release(name: string): Promise<void>;
}

export interface Contender {
  readonly entrant: Entrant | NativeEntrant;
  readonly label: string;
  readonly kind: 'ours' | 'peer' | 'native' | 'limit';
  /** What a run does. */
  readonly does: Amount;
  /** As a record has it; null of what it has no name for. */
  readonly case: BenchCase | null;
}

export interface Amount {
  readonly count: number;
  readonly unit: 'FLOP' | 'B';
}

/** Of a row the bytes of W, which must come from memory; of a sum those of the whole buffer. */
function amountOf(work: Work): Amount {
  if (work.kind === 'all_reduce') return { count: work.bytes, unit: 'B' };
  const { m, k, n } = work;
  return m === 1 ? { count: 4 * k * n, unit: 'B' } : { count: 2 * m * k * n, unit: 'FLOP' };
}

interface Library {
  readonly name: LibraryName;
  readonly label: string;
  readonly backends: Readonly<Record<Place, Backend>>;
}

const LIBRARIES: readonly Library[] = [
  {
    name: 'ort',
    label: 'onnxruntime-web 1.30',
    backends: { cpu: 'onnxruntime-wasm', webgpu: 'onnxruntime-webgpu' },
  },
  { name: 'tfjs', label: 'TensorFlow.js 4.22', backends: { cpu: 'tfjs-wasm', webgpu: 'tfjs-webgpu' } },
  { name: 'jax', label: 'jax-js 0.1.25', backends: { cpu: 'jax-js-wasm', webgpu: 'jax-js-webgpu' } },
];

/** @param python with PyTorch; null where none is wanted */
export function contendersOf(work: Work, page: PageCalls, python: string | null): Contender[] {
  switch (work.kind) {
    case 'product':
      return [
        ours(page, work, work.place, 1),
        ...(work.place === 'cpu' ? [limit(page, work.m === 1 ? 'copy' : 'peak', 1)] : []),
        ...LIBRARIES.map((library) => libraryOf(page, work, work.place, library)),
        ...(python === null ? [] : torchProducts(work, work.place, python)),
      ];
    case 'columnSplit':
      return [
        ours(page, work, 'cpu', 1),
        { ...ours(page, { ...work, n: work.n / 2 }, 'cpu', 2), does: amountOf(work), case: null },
        limit(page, 'peak', 1),
        limit(page, 'peak', 2),
      ];
    case 'all_reduce':
      return [
        ours(page, work, work.place, work.worldSize),
        ...(work.place === 'cpu' ? othersThatReduce(work, page, python) : []),
      ];
    case 'row_linear':
      return [ours(page, work, 'webgpu', work.worldSize)];
    default:
      return work satisfies never;
  }
}

function ours(page: PageCalls, work: Work, device: Place, worldSize: number): Contender {
  const transport = worldSize === 1 ? 'none' : 'shared-memory-auto';
  const one = caseOf(work, { backend: device, placement: 'worker', transport, worldSize });
  const of: RunnerOf = { kind: 'ours', device, worldSize };
  return {
    entrant: inPage(page, `ours-${worldSize}`, of, one),
    label: `Ringside, ${worldSize === 1 ? '1 rank' : `${worldSize} ranks`}`,
    kind: 'ours',
    does: amountOf(work),
    case: one,
  };
}

function limit(page: PageCalls, name: 'peak' | 'copy' | 'sums', threads: number): Contender {
  const labels = { peak: '128-bit multiply-adds', copy: 'copy of 16 MiB', sums: 'sums of 8 MiB each' };
  return {
    entrant: inPage(page, `${name}-${threads}`, { kind: 'limit', limit: name, threads }, null),
    label: `${labels[name]}, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
    kind: 'limit',
    does:
      name === 'sums'
        ? { count: threads * ADDED_BYTES, unit: 'B' }
        : { count: threads * limits[name].count, unit: limits[name].unit },
    case: null,
  };
}

function libraryOf(page: PageCalls, work: Work, place: Place, { name, label, backends }: Library): Contender {
  const one = caseOf(work, {
    backend: backends[place],
    placement: 'worker',
    transport: 'none',
    worldSize: 1,
  });
  const on = place === 'cpu' ? 'wasm' : 'webgpu';
  return {
    entrant: inPage(page, name, { kind: 'peer', library: name, on }, one),
    label: `${label}, ${on}`,
    kind: 'peer',
    does: amountOf(work),
    case: one,
  };
}

function inPage(page: PageCalls, id: string, of: RunnerOf, one: BenchCase | null): Entrant {
  const name = JSON.stringify(of);
  return {
    id,
    prepare: () => page.prepare(name, of, one),
    iterate: (runs) => page.iterate(name, runs),
    release: () => page.release(name),
  };
}

function torchProducts(work: Work, place: Place, python: string): Contender[] {
  const backend = place === 'cpu' ? 'torch-gloo' : 'torch-nccl';
  const one = caseOf(work, { backend, placement: 'process', transport: 'none', worldSize: 1 });
  const torch = (id: string, label: string, args: readonly string[], variant: string): Contender => ({
    entrant: pytorchEntrant(python, id, ['matmul', ...args], one),
    label,
    kind: 'native',
    does: amountOf(work),
    case: { ...one, variant },
  });
  if (place === 'webgpu') return [torch('torch-cuda', 'PyTorch, CUDA', ['--device', 'cuda'], '')];
  const threads = availableParallelism();
  return [
    torch('torch-1', 'PyTorch, 1 thread', ['--threads', '1'], ''),
    ...(threads === 1
      ? []
      : [
          torch(
            'torch-all',
            `PyTorch, ${threads} threads`,
            ['--threads', `${threads}`],
            `${threads} threads`,
          ),
        ]),
  ];
}

function othersThatReduce(
  work: Work & { readonly kind: 'all_reduce' },
  page: PageCalls,
  python: string | null,
): Contender[] {
  const { worldSize, bytes } = work;
  const one = caseOf(work, { backend: 'torch-gloo', placement: 'process', transport: 'gloo', worldSize });
  const gloo = (path: string): Contender => ({
    entrant: pytorchEntrant(
      path,
      'gloo',
      ['all_reduce', '--ranks', `${worldSize}`, ...(page.bound ? ['--bind'] : [])],
      one,
    ),
    label: `gloo, ${worldSize} processes`,
    kind: 'native',
    does: amountOf(work),
    case: one,
  });
  const openMpi: Contender = {
    entrant: openMpiEntrant('openmpi', worldSize, bytes, page.bound),
    label: `OpenMPI, ${worldSize} processes`,
    kind: 'native',
    does: amountOf(work),
    case: null,
  };
  return [
    ...(bytes > 2 ** 20 && worldSize === 2 ? [limit(page, 'sums', 2)] : []),
    ...(python === null ? [] : [gloo(python), openMpi]),
  ];
}
