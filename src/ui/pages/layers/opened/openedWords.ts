/** The words of an opened tensor. */

import type { OpenedOnRanks } from '#lab/layers/run.ts';
import type { Preview } from '#numerics/preview.ts';
import { lengthOf, type Range } from '#numerics/ranges.ts';
import { type LayerPlan, type PlannedTensor, tensorOf } from '#program/plan.ts';
import type { CellPlace } from '#ui/components/gridKeys.ts';
import { formatFloat } from '#ui/format.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';
import { makerOf, readersOf, readsOf } from '../flow/made.ts';
import { elementsIn, valueAt } from './heatGrid.ts';

/** A tensor that can be opened from here. */
export interface TensorLink {
  readonly id: string;
  readonly label: string;
}

export interface Origin {
  /** "x·Wqᵀ", "all-reduce", or how it came to be where no step makes it. */
  readonly made: string;
  readonly from: readonly TensorLink[];
  /** The operations that read it, each with what comes of it. */
  readonly readers: readonly { readonly label: string; readonly to: TensorLink }[];
}

export function originOf(plan: LayerPlan, id: string): Origin {
  const link = (of: string): TensorLink => ({ id: of, label: tensorOf(plan, of).label });
  const maker = makerOf(plan, id);
  const readers = readersOf(plan, id).map((step) => ({
    label: step.kind === 'op' ? step.label : COLLECTIVE_NAMES[step.collective],
    to: link(step.kind === 'collective' ? step.output : (step.output ?? changedBy(step.inputs, id))),
  }));
  if (maker === undefined) return { made: givenAs(plan, id), from: [], readers };
  const made = maker.kind === 'op' ? maker.label : COLLECTIVE_NAMES[maker.collective];
  return {
    made,
    from: readsOf(maker)
      .filter((of) => of !== id)
      .map(link),
    readers,
  };
}

/** Of an operation in place, what it changes: not what it reads. */
function changedBy(inputs: readonly string[], read: string): string {
  return inputs.find((id) => id !== read) ?? read;
}

function givenAs(plan: LayerPlan, id: string): string {
  const stored = plan.storage.find((one) => one.id === id);
  if (stored === undefined) return 'given to the layer';
  switch (stored.storage) {
    case 'weight':
      return 'a weight, drawn from the seed';
    case 'table':
      return 'a table, computed once';
    case 'cache':
      return 'the cache';
    default:
      return stored.storage satisfies never;
  }
}

/** "row 3, column 17: 0.2143", or what a block of elements comes to. */
export function cellText(preview: Preview, cell: CellPlace): string {
  const { rows, cols } = elementsIn(preview, cell);
  const value = formatFloat(valueAt(preview, cell));
  const place = `${rangeText('row', rows)}, ${rangeText('column', cols)}`;
  return preview.exact ? `${place}: ${value}` : `${place}: root mean square ${value}`;
}

function rangeText(unit: string, range: Range): string {
  return lengthOf(range) === 1 ? `${unit} ${range.start}` : `${unit}s ${range.start}–${range.end - 1}`;
}

/** Which dimension runs down and which to the right. */
export function axesText(tensor: PlannedTensor): string {
  const dims = tensor.shapes[0]?.length ?? 0;
  if (dims <= 1) return 'dim 0 →';
  return dims === 2 ? 'dim 0 ↓  dim 1 →' : `dims 0–${dims - 2} ↓  dim ${dims - 1} →`;
}

/** What a comparison of the ranks' values came to; null where there is nothing to compare. */
export function agreementText(tensor: PlannedTensor, opened: OpenedOnRanks): string | null {
  if (tensor.placement.kind !== 'replicated' || opened.ranks.length < 2) return null;
  const [first, ...others] = opened.ranks;
  const alike = others.every((other) => sameBits(first?.preview.values, other?.preview.values));
  const what = first?.preview.exact === true ? 'values' : 'block values';
  return alike
    ? `✓ these ${what} are equal on all ${opened.ranks.length} ranks`
    : `✗ these ${what} are not equal on all ranks`;
}

function sameBits(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((value, i) => Object.is(value, b[i]));
}

/** The previewed values as a table that a spreadsheet takes. */
export function toTsv({ values, gridRows, gridCols }: Preview): string {
  return Array.from({ length: gridRows }, (_, row) =>
    [...values.subarray(row * gridCols, (row + 1) * gridCols)].join('\t'),
  ).join('\n');
}
