import { memo } from 'react';
import { isMeasured } from '#lab/bench/trust.ts';
import { SeriesMark } from '#ui/charts/Mark.tsx';
import { styleOf } from '../series.ts';
import { noteOf, type Row, type TableColumn } from './column.ts';
import type { Order } from './rows.ts';
import css from './table.module.css';

interface ResultRowProps {
  readonly row: Row;
  readonly columns: readonly TableColumn[];
}

export const ResultRow = memo(function ResultRow({ row, columns }: ResultRowProps) {
  const { result } = row;
  const measured = isMeasured(result);
  const note = noteOf(result);
  const { color, mark } = styleOf(result);
  return (
    <tr data-ok={result.ok}>
      {columns.map((column) => {
        const text = measured || column.always ? column.text(row) : '–';
        if (column.id === 'backend') {
          return (
            <td key={column.id} className={css['word']}>
              <SeriesMark color={color} mark={mark} overlay={false} line={false} /> {text}
            </td>
          );
        }
        return (
          <td
            key={column.id}
            className={column.words && column.id !== 'shape' ? css['word'] : 'num'}
            data-bad={isBad(column, row) || undefined}
          >
            {text}
          </td>
        );
      })}
      <td className={css['note']} data-kind={note?.kind}>
        {note?.text}
      </td>
    </tr>
  );
}, isSame);

function isBad(column: TableColumn, { result }: Row): boolean {
  return column.id === 'wrong' && result.wrong > 0;
}

/** Rows are made anew with every result that comes; most say what they said. */
function isSame(a: ResultRowProps, b: ResultRowProps): boolean {
  return (
    a.columns === b.columns &&
    a.row.result === b.row.result &&
    a.row.speedUp === b.row.speedUp &&
    a.row.prediction?.ms === b.row.prediction?.ms
  );
}

interface HeadCellProps {
  readonly column: TableColumn;
  readonly order: Order;
  readonly onSort: () => void;
}

/** A head that sorts by its column; once more turns the order round. */
export function HeadCell({ column, order, onSort }: HeadCellProps) {
  const sorted = order.column === column.id;
  return (
    <th
      scope="col"
      className={column.words && column.id !== 'shape' ? css['word'] : undefined}
      aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="bare" title={column.title} onClick={onSort}>
        {column.label}
        <span aria-hidden="true">{sorted ? (order.descending ? '▾' : '▴') : ''}</span>
      </button>
    </th>
  );
}

/** Rows that a table begins with, and that a click adds: thousands would keep the page busy for seconds. */
export const ROWS_AT_ONCE = 50;

interface MoreRowsProps {
  /** Rows that are shown, of all that there are. */
  readonly most: number;
  readonly total: number;
  readonly onMore: (most: number) => void;
}

/** Below a long table. */
export function MoreRows({ most, total, onMore }: MoreRowsProps) {
  const left = total - most;
  if (left <= 0) return null;
  return (
    <p className="quiet pad">
      <button type="button" className="ghost" onClick={() => onMore(most + ROWS_AT_ONCE)}>
        Show {Math.min(left, ROWS_AT_ONCE)} more
      </button>{' '}
      of {left.toLocaleString('en')} rows that are left
    </p>
  );
}
