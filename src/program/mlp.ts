/**
 * y = down(silu(gate(x)) · up(x)), or down(gelu(up(x))). gate and up are column splits, down is a row split, so that the
 * activation between them works on a rank's own columns and one sum is left to make.
 */

import type { Range } from '../numerics/ranges.ts';
import { checkSizes } from './checks.ts';
import type { LinearPairConfig, MlpConfig } from './configs.ts';
import { type Cut, evenCut, rangeOf, unitsOf, withWidth } from './cuts.ts';
import { choice, type Definition, HIDDEN, size, toggle } from './definition.ts';
import { type Layer, rowsInput } from './layer.ts';
import { biasAfterSum, columnSplit, rowSplit } from './linear.ts';
import { blocksByCount } from './modelConfig.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Part, Value } from './program.ts';
import { shrinkMlp } from './shrink.ts';
import { BLOCKS, summedRowSplit } from './summedRowSplit.ts';

/** By itself: inside of a block, whose sum may be a reduce-scatter, it has no blocks of rows. */
export type MlpLayerConfig = MlpConfig & Pick<LinearPairConfig, 'blocks'>;

/** x `[T, hidden]` → `[T, hidden]`. */
export function mlp(b: ProgramBuilder, x: Value, config: MlpLayerConfig): Value {
  const { blocks = 1 } = config;
  checkSizes('mlp', { blocks });
  const { h, columns } = activated(b, x, config);
  const made = { id: 'sum', label: config.bias ? 'Σ' : 'y' };
  const split = { weights: down(config), columns, note: noteOf(config), blocks };
  const sum = summedRowSplit(b, made, h, split); // [T, hidden]
  return mlpBias(b, sum, config);
}

/** Up to the partial, whose sum over the ranks is the layer's output but for the bias. */
export function mlpPartial(b: ProgramBuilder, x: Value, config: MlpConfig): Value {
  const { h, columns } = activated(b, x, config);
  b.stage('row split', noteOf(config));
  return rowSplit(b, 'partial', h, down(config), columns); // [T, hidden], a term of the sum
}

/** h `[T, intermediate/p]`, and how its columns are cut. */
function activated(b: ProgramBuilder, x: Value, config: MlpConfig): { h: Value; columns: Cut } {
  const { hidden, intermediate } = config;
  checkSizes('mlp', { hidden, intermediate });
  const columns = evenCut('column', intermediate, b.worldSize);
  const h = config.activation === 'swiglu' ? gated(b, x, config, columns) : plain(b, x, config, columns);
  return { h, columns };
}

function noteOf({ bias }: MlpConfig): string {
  return bias ? 'partial sums, the bias waits' : 'partial sums';
}

/** What comes after the sum: the bias of the row split, once. */
export function mlpBias(b: ProgramBuilder, sum: Value, config: MlpConfig): Value {
  return biasAfterSum(b, { id: 'biased', label: 'y' }, sum, down(config));
}

function down({ hidden, intermediate, bias }: MlpConfig) {
  return { name: 'down_proj', label: 'Wdown', out: hidden, in: intermediate, bias };
}

/** h `[T, intermediate/p]`. */
function gated(b: ProgramBuilder, x: Value, config: MlpConfig, columns: Cut): Value {
  const { hidden, intermediate, bias, merged } = config;
  const half = (name: 'gate' | 'up', id: string): Value => {
    const weights = { name: `${name}_proj`, label: `W${name}`, out: intermediate, in: hidden, bias };
    return columnSplit(b, id, x, weights, columns);
  };
  b.stage('column split', merged ? 'one weight, cut inside each half' : 'no communication');
  const [g, u] = merged ? mergedHalves(b, x, config, columns) : [half('gate', 'g'), half('up', 'u')]; // [T, intermediate/p]

  b.stage('activation', 'local to a rank');
  return b.siluMul({ id: 'h', step: 'silu(g)·u' }, g, u);
}

/** h `[T, intermediate/p]`. */
function plain(b: ProgramBuilder, x: Value, config: MlpConfig, columns: Cut): Value {
  const { hidden, intermediate, bias, activation } = config;
  b.stage('column split', 'no communication');
  const u = columnSplit(
    b,
    'u',
    x,
    { name: 'up_proj', label: 'Wup', out: intermediate, in: hidden, bias },
    columns,
  );

  b.stage('activation', 'local to a rank');
  return activation === 'gelu'
    ? b.gelu({ id: 'h', step: 'gelu(u)' }, u, 'erf')
    : b.gelu({ id: 'h', step: 'gelu(u), tanh form' }, u, 'tanh');
}

/**
 * gate and up stored as one weight `[2·intermediate, hidden]`, for one larger product. A rank takes its rows of each half:
 * cut as one matrix, the first ranks would hold nothing but gate and the last nothing but up.
 */
function mergedHalves(b: ProgramBuilder, x: Value, config: MlpConfig, columns: Cut): [g: Value, u: Value] {
  const { hidden, intermediate, bias } = config;
  const cut = { dim: 0, by: withWidth(columns, 2) } as const;
  const store = (kind: 'weight' | 'bias', label: string, cols: Range | null): Value => {
    const id = `gate_up_proj.${kind}`;
    const name = b.named(id);
    const parts = (rank: number): Part[] => {
      const { start, end } = rangeOf(columns, rank);
      return [0, intermediate].map((half) => ({
        name,
        rows: { start: half + start, end: half + end },
        cols,
      }));
    };
    const shape = cols === null ? [2 * intermediate] : [2 * intermediate, hidden];
    return b.arranged(id, { label, shape, cut, parts, arrange: null });
  };
  const w = store('weight', 'Wgate|up', { start: 0, end: hidden }); // [2·intermediate/p, hidden]
  const both = b.linear({ id: 'gu', label: 'g|u' }, x, w, bias ? store('bias', 'b', null) : undefined);

  b.stage('halves', 'copies');
  const width = (rank: number): number => unitsOf(columns, rank);
  const g = b.columns({ id: 'g', step: 'g' }, both, 0, ({ rank }) => width(rank));
  const u = b.columns(
    { id: 'u', step: 'u' },
    both,
    ({ rank }) => width(rank),
    ({ rank }) => 2 * width(rank),
  );
  return [g, u];
}

/** Beside the width. */
export const mlpFields = [
  size('intermediate', 'Intermediate width', 2048),
  choice('activation', 'Activation', [
    { value: 'swiglu', label: 'SwiGLU' },
    { value: 'gelu', label: 'GELU' },
    { value: 'gelu-tanh', label: 'GELU, tanh form' },
  ]),
  toggle('bias', 'Bias'),
  toggle('merged', 'Gate and up merged', {
    hint: 'one stored weight, cut inside each half',
    applies: ({ activation }: MlpConfig) => activation === 'swiglu',
  }),
] satisfies readonly Definition<keyof MlpConfig>[];

export const mlpLayer: Layer<'mlp', MlpLayerConfig> = {
  name: 'mlp',
  label: 'MLP',
  caches: false,
  configOf: (model) =>
    blocksByCount(model)
      .map((block) => block.mlp)
      .find((mlp) => mlp.kind === 'mlp') ?? null,
  shrink: shrinkMlp,
  fields: () => [HIDDEN, ...mlpFields, BLOCKS],
  halves: (config) => ({ mlp: { ...config, kind: 'mlp' } }),
  write: (b, config) => mlp(b, rowsInput(b, config), config),
};
