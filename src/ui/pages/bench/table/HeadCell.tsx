import type { Column } from './column.ts';
import type { Order } from './rows.ts';

interface HeadCellProps {
  readonly column: Column;
  readonly order: Order;
  readonly onSort: () => void;
}

/** A head that sorts by its column; once more turns the order round. */
export function HeadCell({ column, order, onSort }: HeadCellProps) {
  const sorted = order.column === column.id;
  return (
    <th
      scope="col"
      className={column.words && column.id !== 'shape' ? 'bench-word' : undefined}
      aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" title={column.title} onClick={onSort}>
        {column.label}
        <span aria-hidden="true">{sorted ? (order.descending ? '▾' : '▴') : ''}</span>
      </button>
    </th>
  );
}
