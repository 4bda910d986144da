/** Which cases a benchmark has: suites times axes, in an order that a seed shuffles. */

import { groupBy } from '../base/groupBy.ts';
import { nameOfAddress } from '../base/shown.ts';
import { COLLECTIVES } from '../collectives/kinds.ts';
import { bytesOf } from '../numerics/dtype.ts';
import { hash32 } from '../numerics/random.ts';
import type { LinearShape } from '../operations/operations.ts';
import type { LayerSpec } from '../program/layers.ts';
import { type BenchOptions, FEW_ROWS } from './axes.ts';
import type { BenchCase, BenchOp, LayerOp, ModelOp, Transport } from './record.ts';

/** The layer that a case's shape stands for: Llama's, without biases. @see BenchCase.shape */
export function specOfCase(
  op: Exclude<LayerOp, 'column_linear' | 'row_linear'>,
  shape: Readonly<Record<string, number>>,
): LayerSpec {
  const { hidden = 0, intermediate = 0, heads = 0, kvHeads = 0, headDim = 0, vocab = 0, blocks = 1 } = shape;
  const attention = {
    hidden,
    heads,
    kvHeads,
    headDim,
    rope: { theta: 500_000 },
    qkvBias: false,
    qkNorm: false,
    normEpsilon: 1e-5,
  };
  const mlp = { hidden, intermediate, activation: 'swiglu', bias: false, merged: false } as const;
  switch (op) {
    case 'mlp':
      return { layer: 'mlp', config: { ...mlp, blocks } };
    case 'attention':
      return { layer: 'attention', config: attention };
    case 'embedding':
      return { layer: 'embedding', config: { vocab, hidden } };
    case 'block':
      return {
        layer: 'block',
        config: {
          attention: { kind: 'attention', ...attention },
          mlp: { kind: 'mlp', ...mlp },
          normEpsilon: 1e-5,
          sequenceParallel: false,
        },
      };
    default:
      return op satisfies never;
  }
}

/** Whether it may be cut into blocks of rows, of which one is summed while the next multiplies. */
export function hasBlocks(op: BenchOp): boolean {
  return op === 'row_linear' || op === 'mlp';
}

/**
 * Cases on devices whose software is not known yet: `device` and `variant` say what to open. Each is there once, also
 * where axes name it several times: an MLP is the same after every past.
 */
export function casesOf(options: BenchOptions): BenchCase[] {
  const cases = [
    ...collectiveCases(options),
    ...layerCases(options),
    ...gemmCases(options),
    ...modelCases(options),
  ];
  const { ops } = options;
  const asked = cases.filter(({ op }) => ops.length === 0 || ops.includes(op));
  return [...new Map(asked.map((one) => [caseKey(one), one])).values()];
}

/**
 * Cases of the same group of ranks stand together, for a group takes long to start; groups, and the cases within each, are
 * shuffled, so that a machine that grows slow does not single out an operation.
 */
export function shuffledGroups(cases: readonly BenchCase[], seed: number): BenchCase[][] {
  return shuffle([...groupBy(cases, groupKey).values()], seed).map((group, i) =>
    shuffle(group, hash32(seed, i + 1)),
  );
}

/** Results in the order of the options, which the run has shuffled. */
export function inOrder<T extends BenchCase>(results: readonly T[], options: BenchOptions): T[] {
  const place = new Map(casesOf(options).map((one, at) => [caseKey(one), at]));
  return results.toSorted((a, b) => (place.get(caseKey(a)) ?? 0) - (place.get(caseKey(b)) ?? 0));
}

/** Cases with the same key run on the same workers: those of a model, which it is loaded on, run nothing else. */
export function groupKey({ op, backend, placement, worldSize, variant }: BenchCase): string {
  const place = `${backend} ${placement} ${worldSize}`;
  return isModelOp(op) ? `${place} ${variant}` : place;
}

export function isModelOp(op: BenchOp): op is ModelOp {
  return op === 'prefill' || op === 'decode';
}

/** What makes two results the same measurement: all of the case, but for the kernel that a CPU chose by itself. */
export function caseKey(one: BenchCase): string {
  const { op, backend, placement, transport, worldSize, dtype, shape, bytes } = one;
  const variant = op === 'gemm' && backend === 'cpu' ? '' : one.variant;
  const sizes = Object.entries(shape)
    .map(([name, size]) => `${name}${size}`)
    .join(' ');
  return [op, backend, placement, transport, worldSize, dtype, sizes, bytes, variant].join(' | ');
}

interface Place {
  readonly backend: 'webgpu' | 'cpu';
  readonly placement: 'worker' | 'one-device';
  readonly worldSize: number;
}

function placesOf({ devices, placements, ranks }: BenchOptions): Place[] {
  return devices.flatMap((backend) =>
    placements.flatMap((placement) => ranks.map((worldSize) => ({ backend, placement, worldSize }))),
  );
}

function collectiveCases(options: BenchOptions): BenchCase[] {
  if (!options.suites.includes('collectives')) return [];
  return placesOf(options)
    .filter(({ worldSize }) => worldSize > 1) // one rank has nothing to tell another
    .flatMap((place) =>
      COLLECTIVES.flatMap((op) =>
        transportsOf(place, op === 'all_reduce' ? options.algorithms : ['ring']).flatMap((transport) =>
          options.sizes.map((bytes) => ({ op, ...place, transport, ...plain, shape: {}, bytes })),
        ),
      ),
    );
}

function layerCases(options: BenchOptions): BenchCase[] {
  if (!options.suites.includes('layers')) return [];
  const { hidden, intermediate, heads, kvHeads, headDim, vocab } = options.model;
  const attention = { hidden, heads, kvHeads, headDim };
  return placesOf(options).flatMap((place) => {
    const [transport = 'none'] = transportsOf(place, ['auto']);
    const one = (op: LayerOp, shape: Readonly<Record<string, number>>, width: number): BenchCase => ({
      op,
      ...place,
      transport,
      ...plain,
      shape,
      bytes: place.worldSize === 1 ? 0 : bytesOf((shape['m'] ?? 0) * width, 'f32'),
    });
    /** One rank has nothing to sum, and a block has a row at least. */
    const inBlocks = (
      op: LayerOp,
      shape: { m: number; [size: string]: number },
      width: number,
    ): BenchCase[] =>
      options.blocks
        .filter((blocks) => blocks === 1 || (place.worldSize > 1 && blocks <= shape.m))
        .map((blocks) => one(op, { ...shape, ...(blocks > 1 && { blocks }) }, width));
    const linear = options.shapes.flatMap((shape) => [
      one('column_linear', { ...shape }, shape.n),
      ...inBlocks('row_linear', { ...shape }, shape.n),
    ]);
    const others = options.passes.flatMap(({ m, past }) => [
      ...inBlocks('mlp', { m, hidden, intermediate }, hidden),
      one('attention', { m, past, ...attention }, hidden),
      one('embedding', { m, vocab, hidden }, hidden),
      one('block', { m, past, ...attention, intermediate }, hidden),
    ]);
    return [...linear, ...others];
  });
}

/** Products are of one rank, whatever `ranks` says: alone on its device under every placement, so that one is enough. */
function gemmCases(options: BenchOptions): BenchCase[] {
  if (!options.suites.includes('gemm')) return [];
  const placement = options.placements.includes('worker') ? 'worker' : 'one-device';
  return options.devices.flatMap((backend) =>
    options.shapes.flatMap((shape) =>
      kernelsFor(backend, shape, options).map((kernel) => ({
        op: 'gemm' as const,
        backend,
        placement,
        worldSize: 1,
        transport: 'none' as const,
        shape: { ...shape },
        bytes: 0,
        ...kernel,
      })),
    ),
  );
}

/** A CPU chooses by itself, and makes float32 of all weights. */
function kernelsFor(
  backend: 'webgpu' | 'cpu',
  { m }: LinearShape,
  { variants, weights }: BenchOptions,
): Pick<BenchCase, 'variant' | 'dtype'>[] {
  if (backend === 'cpu') return [plain];
  return variants
    .filter((variant) => variant !== 'few-rows' || m <= FEW_ROWS)
    .flatMap((variant) => weights.map((dtype) => ({ variant, dtype })));
}

function modelCases(options: BenchOptions): BenchCase[] {
  if (!options.suites.includes('model')) return [];
  return placesOf(options).flatMap((place) =>
    options.checkpoints.flatMap((checkpoint) =>
      options.passes.map(({ m, past }): BenchCase => {
        const [transport = 'none'] = transportsOf(place, ['auto']);
        const variant = nameOfAddress(checkpoint);
        return {
          op: m > 1 ? 'prefill' : 'decode',
          ...place,
          transport,
          dtype: 'f32',
          shape: { m, past },
          bytes: 0,
          variant,
        };
      }),
    ),
  );
}

const plain = { dtype: 'f32', variant: '' } as const;

function transportsOf({ placement, worldSize }: Place, algorithms: readonly string[]): Transport[] {
  if (worldSize === 1) return ['none'];
  if (placement === 'one-device') return ['one-device'];
  return algorithms.map((algorithm) => `shared-memory-${algorithm}` as Transport);
}

/** Fisher and Yates, by a seed. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = hash32(seed, i) % (i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}
