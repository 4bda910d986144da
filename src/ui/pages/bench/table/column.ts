/** A column of the table: how it is read, written and ordered. */

import type { BenchResult } from '#bench/record.ts';
import type { Prediction } from '#lab/bench/predict.ts';
import { isMeasured, spreadOf } from '#lab/bench/trust.ts';
import { type Reliability, reliabilityOf } from '#numerics/statistics.ts';
import { digits } from '#ui/units.ts';

/** A result, and what follows from the others. */
export interface Row {
  readonly result: BenchResult;
  readonly speedUp: number | null;
  readonly prediction: Prediction | null;
  /** How near the roof a product comes, 0 to 1. */
  readonly roofShare: number | null;
}

export interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** What is in it, in full. */
  readonly title: string;
  readonly text: (row: Row) => string;
  /** By which the rows are ordered; NaN goes last. */
  readonly value: (row: Row) => number | string;
  /** A case that did not run has this all the same. */
  readonly always: boolean;
  /** Left out of a table where no row has it. */
  readonly sparse?: true;
  /** Words stand at the left. */
  readonly words: boolean;
}

type Named = Pick<TableColumn, 'id' | 'label' | 'title'>;

export function wordColumn(
  named: Named,
  text: (result: BenchResult) => string,
  value: (result: BenchResult) => number | string = text,
): TableColumn {
  return {
    ...named,
    always: true,
    words: true,
    text: ({ result }) => text(result),
    value: ({ result }) => value(result),
  };
}

/** @param value null where there is none, NaN where it is not known */
export function numberColumn(
  named: Named & Partial<Pick<TableColumn, 'always' | 'sparse'>>,
  value: (row: Row) => number | null,
  text: (value: number) => string = digits,
): TableColumn {
  return {
    always: false,
    words: false,
    ...named,
    text: (row) => {
      const found = value(row);
      return found === null ? '–' : Number.isNaN(found) ? 'n/a' : text(found);
    },
    value: (row) => value(row) ?? Number.NaN,
  };
}

export interface Note {
  readonly text: string;
  readonly kind: Reliability | 'failed' | 'said';
}

/** Why a row is not to be trusted, or what else is to be said of it; null where nothing is. */
export function noteOf(result: BenchResult): Note | null {
  if (!isMeasured(result)) return { text: `did not run: ${result.note}`, kind: 'failed' };
  if (result.note.startsWith('unreliable')) return { text: result.note, kind: 'unreliable' };
  if (result.note === 'noisy') return { text: 'noisy', kind: 'noisy' };
  if (result.note !== '') return { text: result.note, kind: 'said' };
  const reliability = reliabilityOf(spreadOf(result));
  return reliability === 'steady' || result.samplesMs.length < 2
    ? null
    : { text: reliability, kind: reliability };
}
