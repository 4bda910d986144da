/** Ways to run ranks, as they are told apart everywhere on the page: a name, a colour, and a mark as the second cue. */

import { groupBy } from '#base/groupBy.ts';
import { isModelOp } from '#bench/cases.ts';
import { nameOfElementType } from '#bench/elementTypes.ts';
import type { BenchCase, BenchResult } from '#bench/record.ts';
import type { MarkShape } from '#ui/charts/Mark.tsx';

export interface SeriesStyle {
  /** A CSS colour. */
  readonly color: string;
  readonly mark: MarkShape;
}

type Where = Pick<BenchCase, 'backend' | 'placement'>;

const BACKENDS: Readonly<Record<BenchCase['backend'], string>> = {
  webgpu: 'WebGPU',
  cpu: 'CPU',
  'onnxruntime-webgpu': 'ONNX Runtime, WebGPU',
  'onnxruntime-wasm': 'ONNX Runtime, WASM',
  'tfjs-webgpu': 'TensorFlow.js, WebGPU',
  'tfjs-wasm': 'TensorFlow.js, WASM',
  'jax-js-webgpu': 'jax-js, WebGPU',
  'jax-js-wasm': 'jax-js, WASM',
  'torch-gloo': 'PyTorch gloo',
  'torch-nccl': 'PyTorch NCCL',
  'nccl-tests': 'nccl-tests',
  'rccl-tests': 'rccl-tests',
  'gloo-benchmark': 'gloo’s benchmark',
  osu: 'OSU',
};

const STYLES: Readonly<Record<string, SeriesStyle>> = {
  'cpu worker': { color: 'var(--r2)', mark: 'circle' },
  'webgpu worker': { color: 'var(--r0)', mark: 'square' },
  'webgpu one-device': { color: 'var(--r4)', mark: 'diamond' },
  'cpu one-device': { color: 'var(--r5)', mark: 'triangle' },
  'onnxruntime-webgpu worker': { color: 'var(--r6)', mark: 'square' },
  'onnxruntime-wasm worker': { color: 'var(--r6)', mark: 'circle' },
  'tfjs-webgpu worker': { color: 'var(--r1)', mark: 'square' },
  'tfjs-wasm worker': { color: 'var(--r1)', mark: 'circle' },
  'jax-js-webgpu worker': { color: 'var(--r7)', mark: 'square' },
  'jax-js-wasm worker': { color: 'var(--r7)', mark: 'circle' },
  'torch-gloo process': { color: 'var(--r3)', mark: 'cross' },
  'torch-nccl process': { color: 'var(--r1)', mark: 'star' },
  'nccl-tests process': { color: 'var(--r7)', mark: 'triangle' },
  'rccl-tests process': { color: 'var(--r7)', mark: 'diamond' },
  'gloo-benchmark process': { color: 'var(--r3)', mark: 'star' },
  'osu process': { color: 'var(--r6)', mark: 'square' },
};

/** The second cue where a layer is in two blocks of rows, or in more. */
const BLOCK_MARKS: readonly MarkShape[] = ['cross', 'star'];

const OTHER: SeriesStyle = { color: 'var(--ink3)', mark: 'circle' };

export function styleOf({
  backend,
  placement,
  shape,
}: Where & Partial<Pick<BenchCase, 'shape'>>): SeriesStyle {
  const style = STYLES[`${backend} ${placement}`] ?? OTHER;
  const blocks = shape?.['blocks'] ?? 1;
  const mark = BLOCK_MARKS[Math.min(blocks, 1 + BLOCK_MARKS.length) - 2];
  return mark === undefined ? style : { ...style, mark };
}

/** "CPU", "WebGPU, one device". */
export function placeLabel({ backend, placement }: Where): string {
  return placement === 'one-device' ? `${BACKENDS[backend]}, one device` : BACKENDS[backend];
}

/** "CPU", of a layer in blocks of rows "CPU, 4 blocks". */
export function layerPlaceLabel(one: Where & Pick<BenchCase, 'shape'>): string {
  const { blocks } = one.shape;
  return blocks === undefined ? placeLabel(one) : `${placeLabel(one)}, ${blocks} blocks`;
}

const TRANSPORTS: Readonly<Record<BenchCase['transport'], string>> = {
  'shared-memory-ring': 'ring',
  'shared-memory-one-shot': 'one-shot',
  'shared-memory-two-shot': 'two-shot',
  'shared-memory-auto': 'auto',
  'one-device': 'one device',
  gloo: 'gloo',
  nccl: 'NCCL',
  rccl: 'RCCL',
  mpi: 'MPI',
  none: '',
};

export function transportLabel(transport: BenchCase['transport']): string {
  return TRANSPORTS[transport];
}

type Way = Pick<BenchCase, 'backend' | 'placement' | 'transport'> & Partial<Pick<BenchCase, 'dtype'>>;

/** "CPU, ring": with the algorithm, where the ranks carry something through memory; "nccl-tests, half". */
export function wayLabel(one: Way): string {
  const { transport, dtype = 'f32' } = one;
  const carried = transport.startsWith('shared-memory-') ? `, ${transportLabel(transport)}` : '';
  return `${placeLabel(one)}${carried}${dtype === 'f32' ? '' : `, ${nameOfElementType(dtype)}`}`;
}

/** Where several algorithms share a place's colour, the second has another mark, and so on. */
export function markOf(one: Pick<BenchCase, 'backend' | 'placement' | 'transport'>): MarkShape {
  if (one.transport === 'shared-memory-one-shot') return 'cross';
  if (one.transport === 'shared-memory-two-shot') return 'star';
  if (one.transport === 'shared-memory-ring' && one.placement === 'worker') return 'diamond';
  return styleOf(one).mark;
}

const OPS: Readonly<Record<BenchCase['op'], string>> = {
  all_reduce: 'All-reduce',
  reduce_scatter: 'Reduce-scatter',
  all_gather: 'All-gather',
  broadcast: 'Broadcast',
  all_to_all: 'All-to-all',
  column_linear: 'Column-parallel linear',
  row_linear: 'Row-parallel linear',
  mlp: 'MLP',
  attention: 'Attention',
  embedding: 'Embedding',
  block: 'Block',
  gemm: 'Product',
  prefill: 'Prefill',
  decode: 'Decode',
};

export function opLabel(op: BenchCase['op']): string {
  return OPS[op];
}

/** What is computed. @see BenchCase.variant */
type Work = Pick<BenchCase, 'op' | 'shape'> & Partial<Pick<BenchCase, 'variant'>>;

/** Made once: a run may have thousands of shapes. */
const GROUPED = new Intl.NumberFormat('en');

/** "16 × 512 × 2,048"; "16 tokens after 128, 512 × 2,048", of a model "16 tokens, stories". */
export function shapeLabel({ op, shape, variant }: Work): string {
  const count = (name: string): string => GROUPED.format(shape[name] ?? 0);
  if (shape['k'] !== undefined) return `${count('m')} × ${count('k')} × ${count('n')}`;
  if (shape['m'] === undefined) return '';
  const tokens = `${count('m')} ${shape['m'] === 1 ? 'token' : 'tokens'}`;
  const after = (shape['past'] ?? 0) > 0 ? ` after ${count('past')}` : '';
  if (isModelOp(op)) return `${tokens}${after}, ${variant}`;
  const sizes = [shape['hidden'], op === 'embedding' ? shape['vocab'] : shape['intermediate']];
  const wide = sizes.flatMap((size) => (size === undefined ? [] : [GROUPED.format(size)])).join(' × ');
  return `${tokens}${after}, ${wide}`;
}

/** A layer or a model and its shape, whatever it ran on and in however many blocks: what can be scaled. */
export function workKey({ op, shape, variant = '' }: Work): string {
  const { blocks: _, ...work } = shape;
  return [op, ...Object.values(work), ...(isModelOp(op) ? [variant] : [])].join('-');
}

/** Results by the way in which their ranks ran. */
export function byPlace(results: readonly BenchResult[]): Map<string, BenchResult[]> {
  return groupBy(results, layerPlaceLabel);
}

/** "CPU", of another run "CPU (cluster.json)". */
export function runLabel(label: string, run: string): string {
  return run === '' ? label : `${label} (${run})`;
}
