import { useMemo, useState } from 'react';
import { Segmented } from '#ui/components/Options.tsx';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { counted } from '#ui/components/words.ts';
import { useBench, useResults, useShown } from '../useBench.ts';
import { columnsOf } from './columns.ts';
import { Filters } from './Filters.tsx';
import { HeadCell, MoreRows, ResultRow, ROWS_AT_ONCE } from './ResultRow.tsx';
import { NO_FILTER, type Order, ordered, passes, rowsOf, suitesIn } from './rows.ts';
import css from './table.module.css';

const SUITE_LABELS = { collectives: 'Ring', layers: 'Layers', gemm: 'Kernels', model: 'Model' } as const;
/** As nccl-tests has it: by operation, then by size. */
const FIRST_ORDER: Order = { column: 'op', descending: false };

/** Every cell of the run that is shown, as they come. */
export function ResultsTable() {
  const results = useInTurn(useResults());
  const header = useShown();
  const wanted = useBench((state) => state.view.table);
  const look = useBench((state) => state.look);
  const [filter, setFilter] = useState(NO_FILTER);
  const [order, setOrder] = useState(FIRST_ORDER);
  const [most, setMost] = useState(ROWS_AT_ONCE);
  const suites = useMemo(() => suitesIn(results), [results]);
  const suite = wanted !== null && suites.includes(wanted) ? wanted : (suites[0] ?? 'collectives');
  const rows = useMemo(() => rowsOf(results, suite), [results, suite]);
  const columns = useMemo(() => columnsOf(suite, rows), [suite, rows]);
  const own = useMemo(() => rows.map(({ result }) => result), [rows]);
  const places = useMemo(() => new Map(results.map((result, i) => [result, i])), [results]);
  const shown = useMemo(() => {
    // Within the column that was asked for the rows have the order of nccl-tests.
    const keys = ['op', 'model', 'tokens', 'backend', 'transport', 'ranks', 'shape', 'size'];
    const orders = [order, ...keys.map((column): Order => ({ column, descending: false }))];
    const passing = rows.filter(({ result }) => passes(filter, result));
    return ordered(passing, columns, orders);
  }, [rows, columns, order, filter]);
  if (header === null) return null;
  const sort = (column: string) =>
    setOrder({ column, descending: order.column === column && !order.descending });
  return (
    <Panel
      title="Every cell"
      hint={`${shown.length === rows.length ? counted(rows.length, 'row') : `${shown.length} of ${rows.length} rows`}; a click on a head sorts`}
      action={
        suites.length > 1 && (
          <Segmented
            inHead
            label="Suite of the table"
            value={suite}
            options={suites.map((value) => ({ value, label: SUITE_LABELS[value] }))}
            onChange={(table) => look({ table })}
          />
        )
      }
    >
      <Filters results={own} filter={filter} onChange={setFilter} />
      <ScrollRegion label="Every cell, table" className={css['scroll']}>
        <table className={`table ${css['table']}`} data-part="cells">
          <thead>
            <tr>
              {columns.map((column) => (
                <HeadCell key={column.id} column={column} order={order} onSort={() => sort(column.id)} />
              ))}
              <th scope="col" className={css['note']}>
                note
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, most).map((row) => (
              <ResultRow key={places.get(row.result)} row={row} columns={columns} />
            ))}
          </tbody>
        </table>
        <MoreRows most={most} total={shown.length} onMore={setMost} />
        {shown.length === 0 && (
          <p className={css['empty']}>
            {rows.length === 0 ? 'The first row comes with the first result.' : 'No row fits this filter.'}
          </p>
        )}
      </ScrollRegion>
    </Panel>
  );
}
