import type { KeyboardEvent } from 'react';
import type { Cell } from '#lab/split/run.ts';
import { slotOf } from './axis.ts';
import { cellAfterKey, placeOf } from './gridKeys.ts';
import type { Plate } from './layout.ts';
import css from './stage.module.css';

interface CellGridProps {
  readonly plate: Plate;
  readonly cell: Cell | null;
  readonly onPoint: (cell: Cell | null) => void;
}

/** Y for the keyboard: a grid of which only the cell in focus is in the document. */
export function CellGrid({ plate, cell, onPoint }: CellGridProps) {
  const { rows, cols, name } = plate;
  const at = cell ?? { row: 0, col: 0 };
  const row = slotOf(rows, at.row);
  const col = slotOf(cols, at.col);
  if (row === undefined || col === undefined) return null;
  const keyDown = (event: KeyboardEvent): void => {
    const next = event.key === 'Escape' ? null : cellAfterKey(rows, cols, at, event.key, event.ctrlKey);
    if (next === null && event.key !== 'Escape') return;
    event.preventDefault();
    onPoint(next);
  };
  return (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is what ARIA makes grids of
      role="grid"
      className={css['grid']}
      aria-label={`Cells of ${name}`}
      aria-rowcount={rows.slots.length}
      aria-colcount={cols.slots.length}
    >
      <tbody>
        <tr aria-rowindex={placeOf(rows, at.row) + 1}>
          <td
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of that grid
            role="gridcell"
            tabIndex={0}
            aria-colindex={placeOf(cols, at.col) + 1}
            aria-label={`${name}, row ${at.row}, column ${at.col}`}
            className={css['grid-cell']}
            style={{ left: col.at, top: row.at, width: col.size - 1, height: row.size - 1 }}
            onKeyDown={keyDown}
            onFocus={() => onPoint(at)}
          />
        </tr>
      </tbody>
    </table>
  );
}
