/**
 * y = down(silu(gate(x)) · up(x)), or down(gelu(up(x))). gate and up are column splits, down is a row split, so that the
 * activation between them works on a rank's own columns and one sum is left to make.
 */

import { geluFlops, siluMulFlops } from '../costs.ts';
import { type Range, shardRanges } from '../ranges.ts';
import type { MlpConfig } from './configs.ts';
import { cut, type PlanBuilder, partial, replicated, sharded } from './PlanBuilder.ts';
import { type PlannedTensor, rangeNote } from './plan.ts';

/** Up to the partial, whose sum over the ranks is the layer's output but for the bias. */
export function planMlpPartial(plan: PlanBuilder, x: PlannedTensor, config: MlpConfig): PlannedTensor {
  const { hidden, intermediate, bias } = config;
  const tokens = x.shapes[0]?.[0] ?? 0;
  const columns = shardRanges(intermediate, plan.worldSize);
  const h =
    config.activation === 'swiglu' ? gated(plan, x, config, columns) : plain(plan, x, config, columns);

  plan.stage('row split', bias ? 'partial sums, the bias waits' : 'partial sums');
  const down = plan.store('down_proj.weight', 'weight', cut('Wdown', [hidden, intermediate], 1, columns));
  return plan.linear(
    'partial',
    { x: h, w: down, label: 'h·Wdownᵀ' },
    { label: 'partial', placement: partial, shape: [tokens, hidden] },
  );
}

/** What a bias after the sum adds: the bias of the row split, once. */
export function planMlpBias(
  plan: PlanBuilder,
  sum: PlannedTensor,
  { hidden, bias }: MlpConfig,
): PlannedTensor {
  if (!bias) return sum;
  plan.stage('bias', 'after the sum, once');
  const b = plan.store('down_proj.bias', 'weight', { label: 'b', placement: replicated, shape: [hidden] });
  return plan.elementwise('add', 'biased', { label: '+ b', inputs: [sum, b], cost: (n) => n }, 'y');
}

export function planMlp(plan: PlanBuilder, x: PlannedTensor, config: MlpConfig): PlannedTensor {
  const product = planMlpPartial(plan, x, config);
  plan.stage('all-reduce', '');
  return planMlpBias(plan, plan.allReduce('sum', product, config.bias ? 'Σ' : 'y'), config);
}

function gated(
  plan: PlanBuilder,
  x: PlannedTensor,
  { hidden, intermediate, bias, merged }: MlpConfig,
  columns: readonly Range[],
): PlannedTensor {
  const tokens = x.shapes[0]?.[0] ?? 0;
  const width = [tokens, intermediate];
  plan.stage('column split', merged ? 'one weight, cut inside each half' : 'no communication');
  const [gate, up] = merged ? mergedHalves() : (['gate', 'up'] as const).map(half);
  if (gate === undefined || up === undefined) throw new Error('an MLP has two halves');
  plan.stage('activation', 'local to a rank');
  return plan.elementwise(
    'siluMul',
    'h',
    { label: 'silu(g)·u', inputs: [gate, up], cost: siluMulFlops },
    'h',
  );

  function half(name: 'gate' | 'up'): PlannedTensor {
    const w = plan.store(
      `${name}_proj.weight`,
      'weight',
      cut(`W${name}`, [intermediate, hidden], 0, columns),
    );
    const b = bias ? plan.store(`${name}_proj.bias`, 'weight', cut('b', [intermediate], 0, columns)) : null;
    const letter = name.slice(0, 1);
    return plan.linear(letter, { x, w, b, label: `x·W${name}ᵀ` }, cut(letter, width, 1, columns, noteOf));
  }

  function mergedHalves(): PlannedTensor[] {
    const twice = (rank: number): number => 2 * widthOf(columns[rank]);
    const w = plan.store('gate_up_proj.weight', 'weight', {
      label: 'Wgate|up',
      placement: sharded(0),
      shape: (rank) => [twice(rank), hidden],
    });
    const b = bias
      ? plan.store('gate_up_proj.bias', 'weight', {
          label: 'b',
          placement: sharded(0),
          shape: (rank) => [twice(rank)],
        })
      : null;
    const both = plan.linear(
      'gu',
      { x, w, b, label: 'x·Wgate|upᵀ' },
      { label: 'g|u', placement: sharded(1), shape: (rank) => [tokens, twice(rank)] },
    );
    plan.stage('halves', 'copies');
    return ['g', 'u'].map((letter) =>
      plan.op('columns', letter, { label: letter, inputs: [both] }, cut(letter, width, 1, columns, noteOf)),
    );
  }
}

function plain(
  plan: PlanBuilder,
  x: PlannedTensor,
  { hidden, intermediate, bias, activation }: MlpConfig,
  columns: readonly Range[],
): PlannedTensor {
  const tokens = x.shapes[0]?.[0] ?? 0;
  plan.stage('column split', 'no communication');
  const w = plan.store('up_proj.weight', 'weight', cut('Wup', [intermediate, hidden], 0, columns));
  const b = bias ? plan.store('up_proj.bias', 'weight', cut('b', [intermediate], 0, columns)) : null;
  const u = plan.linear(
    'u',
    { x, w, b, label: 'x·Wupᵀ' },
    cut('u', [tokens, intermediate], 1, columns, noteOf),
  );
  plan.stage('activation', 'local to a rank');
  const label = activation === 'gelu' ? 'gelu(u)' : 'gelu(u), tanh form';
  return plan.elementwise('gelu', 'h', { label, inputs: [u], cost: geluFlops }, 'h');
}

function noteOf({ start, end }: Range): string {
  return rangeNote('column', start, end);
}

function widthOf(range: Range | undefined): number {
  return range === undefined ? 0 : range.end - range.start;
}
