/** What each race is held against. Figures come from the race that they are about; what did not run has none, and says why. */

import { limits } from '../../tools/cpu/limits.ts';
import { type Outcome, ratioOf, type Spread, spreadOf } from './race.ts';
import { type Place, type Product, placeOf, shapeText, type Work } from './works.ts';

export interface Raced {
  readonly work: Work;
  /** Why it did not run; '' where it did. */
  readonly leftOut: string;
  readonly outcomes: readonly Outcome[];
}

/** On what it ran. */
export interface Machine {
  /** Null where there is no adapter. */
  readonly software: boolean | null;
}

export type Figure = Spread | { readonly why: string };

export interface Bar {
  readonly name: string;
  readonly bound: 'at least' | 'at most';
  readonly wanted: number;
  readonly unit: '×' | '%' | 'µs';
  readonly figure: Figure;
  readonly verdict: 'pass' | 'fail' | 'not run';
}

export function barsOf(races: readonly Raced[], machine: Machine): Bar[] {
  const find: Find = (matches) => races.find(({ work }) => matches(work)) ?? null;
  return [...cpuBars(find), ...sumBars(find), ...adapterBars(find, machine)];
}

type Find = (matches: (work: Work) => boolean) => Raced | null;

const SQUARE: Product = { m: 512, k: 512, n: 512 };
const THOUSAND: Product = { m: 1024, k: 1024, n: 1024 };
const LARGE: Product = { m: 4096, k: 4096, n: 4096 };
const FLAT: Product = { m: 64, k: 2048, n: 8192 };
const FLAT_128: Product = { m: 128, k: 4096, n: 4096 };
const ROW: Product = { m: 1, k: 2048, n: 2048 };
const LONG_ROW: Product = { m: 1, k: 4096, n: 4096 };

const LIBRARIES = ['ort', 'tfjs', 'jax'];

function cpuBars(find: Find): Bar[] {
  const both = [SQUARE, FLAT];
  return [
    ...both.map((shape) =>
      bar(
        `one rank over the best single-threaded peer, ${shapeText(shape)}`,
        1.65,
        '×',
        overPeers(find(product('cpu', shape))),
      ),
    ),
    ...both.map((shape) =>
      bar(
        `one rank to 128-bit multiply-adds, ${shapeText(shape)}`,
        85,
        '%',
        ofLimit(find(product('cpu', shape)), 'peak-1', 2 * shape.m * shape.k * shape.n, limits.peak.count),
      ),
    ),
    bar(
      'two ranks over one, 1024³ cut into columns',
      1.9,
      '×',
      between(
        find(({ kind }) => kind === 'columnSplit'),
        'ours-1',
        'ours-2',
      ),
    ),
    bar(
      `one rank to the copy, ${shapeText(ROW)}`,
      70,
      '%',
      ofLimit(find(product('cpu', ROW)), 'copy-1', 4 * ROW.k * ROW.n, limits.copy.count),
    ),
  ];
}

function sumBars(find: Find): Bar[] {
  const reduce = (worldSize: number, bytes: number) =>
    find(
      (work) =>
        work.kind === 'all_reduce' &&
        work.place === 'cpu' &&
        work.worldSize === worldSize &&
        work.bytes === bytes,
    );
  const [small, large] = [2 ** 12, 2 ** 24];
  const against = (peer: string, name: string, worldSize: number, wanted: number) =>
    bar(
      `all_reduce over ${name}, 16 MiB, ${worldSize} ranks`,
      wanted,
      '×',
      between(reduce(worldSize, large), peer, `ours-${worldSize}`),
    );
  return [
    against('gloo', 'gloo', 2, 10),
    against('gloo', 'gloo', 4, 4),
    against('openmpi', 'OpenMPI', 2, 4),
    against('openmpi', 'OpenMPI', 4, 3),
    most('all_reduce inside the ranks, 4 KiB, 2 ranks', 5, microseconds(reduce(2, small), 'ours-2')),
    // Bytes over time, of 16 MiB: each of two threads adds half of it, which the ring then has to hand round.
    bar(
      'all_reduce to what two threads can add, 16 MiB, 2 ranks',
      70,
      '%',
      percent(between(reduce(2, large), 'sums-2', 'ours-2')),
    ),
  ];
}

/** Those of a software adapter, or those of a GPU: the others have nothing to be held against. */
function adapterBars(find: Find, { software }: Machine): Bar[] {
  const none = software === null ? 'the browser has no WebGPU adapter' : null;
  const inSoftware =
    none ?? (software === false ? 'a GPU answered, and the bar is for the software adapter' : null);
  const onGpu = none ?? (software === true ? 'the adapter is software, and the bar is for a GPU' : null);
  const over = (shape: Product, wanted: number, why: string | null, name: string) =>
    bar(
      `${name} over the best peer, ${shapeText(shape)}`,
      wanted,
      '×',
      why === null ? overPeers(find(product('webgpu', shape))) : { why },
    );
  const layer = (worldSize: number, wanted: number) =>
    most(
      `row-parallel linear, 16×2048×512, ${worldSize} WebGPU rank${worldSize === 1 ? '' : 's'}`,
      wanted,
      onGpu === null
        ? microseconds(
            find((work) => work.kind === 'row_linear' && work.worldSize === worldSize),
            `ours-${worldSize}`,
          )
        : { why: onGpu },
    );
  const reduced = find((work) => work.kind === 'all_reduce' && work.place === 'webgpu');
  return [
    ...[SQUARE, FLAT].map((shape) => over(shape, 2.5, inSoftware, 'WebGPU in software')),
    ...[THOUSAND, LARGE, FLAT, FLAT_128].map((shape) => over(shape, 2, onGpu, 'GPU')),
    over(LONG_ROW, 10, onGpu, 'GPU'),
    bar(
      'GPU to PyTorch’s float32, 4096³',
      85,
      '%',
      onGpu === null
        ? percent(between(find(product('webgpu', LARGE)), 'torch-cuda', 'ours-1'))
        : { why: onGpu },
    ),
    most(
      'all_reduce, 4 KiB, 2 WebGPU ranks',
      700,
      onGpu === null ? microseconds(reduced, 'ours-2') : { why: onGpu },
    ),
    ...(
      [
        [1, 550],
        [2, 1000],
        [4, 1800],
      ] as const
    ).map(([ranks, wanted]) => layer(ranks, wanted)),
  ];
}

function product(place: Place, { m, k, n }: Product): (work: Work) => boolean {
  return (work) =>
    work.kind === 'product' && placeOf(work) === place && work.m === m && work.k === k && work.n === n;
}

/** How many times as long the fastest of the libraries takes. */
function overPeers(raced: Raced | null): Figure {
  const times = (raced?.outcomes ?? []).flatMap((outcome) =>
    outcome.kind === 'timed' && LIBRARIES.includes(outcome.id) ? [outcome] : [],
  );
  const best = times.toSorted((a, b) => spreadOf(a.samplesMs).value - spreadOf(b.samplesMs).value)[0];
  if (raced !== null && raced.leftOut === '' && best === undefined) {
    const failed = raced.outcomes.find(({ kind, id }) => kind === 'failed' && LIBRARIES.includes(id));
    return { why: `no peer was timed${failed?.kind === 'failed' ? `: ${failed.why}` : ''}` };
  }
  return between(raced, best?.id ?? '', 'ours-1');
}

/** How many times as long `slow` takes as `fast`. */
function between(raced: Raced | null, slow: string, fast: string): Figure {
  const [of, to] = [timesOf(raced, slow), timesOf(raced, fast)];
  if ('why' in of) return of;
  return 'why' in to ? to : ratioOf(of.samplesMs, to.samplesMs);
}

/** In hundredths of what the limit does in the same rounds, both having done so much in a run. */
function ofLimit(raced: Raced | null, limit: string, count: number, limitCount: number): Figure {
  return percent(between(raced, limit, 'ours-1'), count / limitCount);
}

function percent(figure: Figure, scale = 1): Figure {
  return scaled(figure, 100 * scale);
}

function microseconds(raced: Raced | null, id: string): Figure {
  const times = timesOf(raced, id);
  if ('why' in times) return times;
  return scaled(spreadOf(times.samplesMs), 1000);
}

function scaled(figure: Figure, by: number): Figure {
  if ('why' in figure) return figure;
  const { value, low, high, undisturbed } = figure;
  return { value: by * value, low: by * low, high: by * high, undisturbed: by * undisturbed };
}

function timesOf(
  raced: Raced | null,
  id: string,
): { readonly samplesMs: readonly number[] } | { readonly why: string } {
  if (raced === null) return { why: 'not asked for' };
  if (raced.leftOut !== '') return { why: raced.leftOut };
  const outcome = raced.outcomes.find((one) => one.id === id);
  if (outcome === undefined) return { why: `${id} was not asked for` };
  return outcome.kind === 'timed' ? outcome : { why: outcome.why };
}

function bar(name: string, wanted: number, unit: '×' | '%', figure: Figure): Bar {
  return judged({ name, bound: 'at least', wanted, unit, figure });
}

function most(name: string, wanted: number, figure: Figure): Bar {
  return judged({ name, bound: 'at most', wanted, unit: 'µs', figure });
}

function judged(asked: Omit<Bar, 'verdict'>): Bar {
  const { figure, bound, wanted } = asked;
  if ('why' in figure) return { ...asked, verdict: 'not run' };
  const good = bound === 'at least' ? figure.value >= wanted : figure.value <= wanted;
  return { ...asked, verdict: good ? 'pass' : 'fail' };
}
