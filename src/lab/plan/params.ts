/** What a visitor chooses on the Plan page, and how a link says it. */

import { FABRICS, type FabricId, NETWORKS, type NetworkId } from '../../machines/fabrics.ts';
import { GPUS } from '../../machines/gpus.ts';
import type { Layout } from '../../planner/layout.ts';
import { EFFICIENCY } from '../../planner/pass.ts';
import { TARGETS, type Target } from '../../planner/search.ts';
import { choice, type Definition, size } from '../../program/definition.ts';
import { firstProblem, readQuery, writeQuery } from '../parameters.ts';

/** What a field of a control or of a link is. */
export interface PlanFields {
  readonly gpu: string;
  readonly perNode: number;
  readonly nodes: number;
  /** `best`: what joins such GPUs best. */
  readonly fabric: FabricId | 'best';
  readonly network: NetworkId;
  readonly ports: number;
  readonly work: 'serve' | 'train';
  readonly prompt: number;
  readonly answer: number;
  readonly sequences: number;
  /** Bits of a number in the cache. */
  readonly cache: 16 | 8;
  /** Bits of a number in the matrices, where they have more; 0: as the file stores them. */
  readonly weights: 0 | 8 | 4;
  readonly target: Target;
  /** Of a GPU of one's own: TFLOP/s, GB/s, GB, GB/s each way. */
  readonly teraflops: number;
  readonly bandwidth: number;
  readonly memory: number;
  readonly link: number;
  /** Percent of the peaks that are reached, and microseconds that a layer takes at least. */
  readonly reads: number;
  readonly computes: number;
  readonly layer: number;
}

export interface PlanParams extends PlanFields {
  /** The repository of a known model; with `config` its name, or '' where the file says it. */
  readonly model: string;
  /** The text of a config.json; '' where the model is a known one. */
  readonly config: string;
  /** The layout that is looked at; null: the best one. */
  readonly chosen: Layout | null;
  /** The links of a node as they were measured; null: as what is known of their kind says. */
  readonly measured: { readonly alphaUs: number; readonly betaGBs: number } | null;
}

/** A GPU that is none of the list. */
export const OWN = 'own';

export const GPU = choice(
  'gpu',
  'GPU',
  [
    ...GPUS.map(({ id, label }) => ({ value: id, label })),
    { value: OWN, label: 'another, by its four numbers' },
  ],
  { noun: 'GPU' },
);
export const PER_NODE = size('perNode', 'GPUs in a node', 72, { name: 'The number of GPUs in a node' });
export const NODES = size('nodes', 'Nodes', 16_384, { name: 'The number of nodes' });
export const FABRIC = choice(
  'fabric',
  'Links in a node',
  [{ value: 'best', label: 'the best they have' }, ...FABRICS.map(({ id, label }) => ({ value: id, label }))],
  { noun: 'kind of link' },
);
export const NETWORK = choice(
  'network',
  'Network',
  NETWORKS.map(({ id, label }) => ({ value: id, label })),
  { noun: 'network' },
);
export const PORTS = size('ports', 'Ports of a node', 32, { name: 'The number of ports of a node' });
export const WORK = choice(
  'work',
  'The model',
  [
    { value: 'serve', label: 'Serves' },
    { value: 'train', label: 'Is trained' },
  ],
  { noun: 'kind of work' },
);
export const PROMPT = size('prompt', 'Prompt', 10_000_000, { name: 'The length of the prompt' });
export const ANSWER = size('answer', 'Answer', 1_000_000, { name: 'The length of the answer' });
export const SEQUENCES = size('sequences', 'Sequences at once', 65_536, { name: 'The number of sequences' });
export const CACHE = choice(
  'cache',
  'Cache',
  [
    { value: 16, label: '16 bits' },
    { value: 8, label: '8 bits' },
  ],
  { noun: 'number of bits' },
);
export const WEIGHTS = choice(
  'weights',
  'Weights',
  [
    { value: 0, label: 'as stored' },
    { value: 8, label: '8 bits' },
    { value: 4, label: '4 bits' },
  ],
  { noun: 'number of bits' },
);
export const TARGET = choice(
  'target',
  'Looking for',
  TARGETS.map((value) => ({
    value,
    label: {
      latency: 'the quickest answer',
      throughput: 'the most tokens a second',
      fewest: 'the fewest GPUs',
      context: 'the longest context',
    }[value],
  })),
  { noun: 'target' },
);
/** Not zero: all times would be for ever. */
const FRACTION = { fraction: true, min: 0.001 } as const;
export const OWN_GPU = [
  size('teraflops', 'TFLOP/s in bfloat16', 100_000, { name: 'The TFLOP/s of the GPU', ...FRACTION }),
  size('bandwidth', 'GB/s of its memory', 1_000_000, { name: 'The GB/s of the GPU’s memory', ...FRACTION }),
  size('memory', 'GB of memory', 10_000, { name: 'The GB of the GPU’s memory', ...FRACTION }),
  size('link', 'GB/s of its links, each way; 0: PCIe alone', 10_000, {
    name: 'The GB/s of the GPU’s links',
    min: 0,
    fraction: true,
  }),
] as const;
export const EFFICIENCIES = [
  size('reads', '% of the memory’s bandwidth', 100, { name: 'The share of the memory’s bandwidth' }),
  size('computes', '% of the FLOPs', 100, { name: 'The share of the FLOPs' }),
  size('layer', 'µs a layer at least', 10_000, { name: 'What a layer takes at least', min: 0 }),
] as const;

const DEFINITIONS: readonly Definition<keyof PlanFields>[] = [
  ...[GPU, PER_NODE, NODES, FABRIC, NETWORK, PORTS, WORK, PROMPT, ANSWER, SEQUENCES, CACHE, WEIGHTS, TARGET],
  ...OWN_GPU,
  ...EFFICIENCIES,
];

export const DEFAULT_PARAMS: PlanParams = {
  model: 'meta-llama/Llama-3.3-70B-Instruct',
  config: '',
  chosen: null,
  measured: null,
  gpu: 'h100',
  perNode: 8,
  nodes: 1,
  fabric: 'best',
  network: 'ib-ndr',
  ports: 8,
  work: 'serve',
  prompt: 2000,
  answer: 500,
  sequences: 16,
  cache: 16,
  weights: 0,
  target: 'latency',
  teraflops: 100,
  bandwidth: 1000,
  memory: 24,
  link: 0,
  reads: 100 * EFFICIENCY.memory,
  computes: Math.round(100 * EFFICIENCY.flops),
  layer: EFFICIENCY.layerUs,
};

/** A link that is longer is cut off by what people send it with. */
const MOST_CHARACTERS = 4000;

/** Whether the link has room for the file that was pasted. */
export function isInLink({ config }: Pick<PlanParams, 'config'>): boolean {
  return minified(config).length <= MOST_CHARACTERS;
}

/** Only what differs from the defaults. */
export function toQuery(params: PlanParams): URLSearchParams {
  const query = new URLSearchParams();
  const { model, config, chosen, measured } = params;
  if (model !== DEFAULT_PARAMS.model || config !== '') query.set('model', model);
  for (const [key, value] of writeQuery(DEFINITIONS, params, DEFAULT_PARAMS)) query.set(key, value);
  if (chosen !== null) {
    const { tensor, pipeline, expert, data } = chosen;
    query.set('layout', [tensor, pipeline, expert, data].join());
  }
  if (measured !== null) query.set('measured', [measured.alphaUs, measured.betaGBs].join());
  if (config !== '' && isInLink(params)) query.set('config', minified(config));
  return query;
}

/** Reads {@link toQuery} back. What is missing has its default; what is wrong is left to problemWith. */
export function fromQuery(query: URLSearchParams): PlanParams {
  const layout = numbersOf(query.get('layout'), 4);
  const measured = numbersOf(query.get('measured'), 2);

  return {
    ...readQuery<PlanFields>(DEFINITIONS, query, DEFAULT_PARAMS),
    model: query.get('model')?.trim() ?? DEFAULT_PARAMS.model,
    config: query.get('config') ?? '',
    chosen: layout && layoutOf(layout),
    measured: measured && { alphaUs: measured[0] ?? 0, betaGBs: measured[1] ?? 0 },
  };
}

/** Why they cannot be, and what would; null where they can, as far as each can be known by itself. */
export function problemWith(params: PlanParams): string | null {
  return firstProblem<PlanFields>(DEFINITIONS, params);
}

function layoutOf([tensor = 1, pipeline = 1, expert = 1, data = 1]: readonly number[]): Layout | null {
  const all = [tensor, pipeline, expert, data];
  return all.every((n) => Number.isInteger(n) && n >= 1) ? { tensor, pipeline, expert, data } : null;
}

/** "4,1,1,2"; null for what is anything else. */
function numbersOf(text: string | null, count: number): number[] | null {
  const numbers = (text ?? '').split(',').map(Number);
  return numbers.length === count && numbers.every((n) => Number.isFinite(n) && n > 0) ? numbers : null;
}

function minified(config: string): string {
  try {
    return JSON.stringify(JSON.parse(config));
  } catch {
    return config;
  }
}
