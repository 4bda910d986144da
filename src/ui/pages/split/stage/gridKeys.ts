/** Keys that walk over the cells of Y, as in any grid. */

import type { Cell } from '#lab/split/run.ts';
import { type Axis, indexOf, slotOf } from './axis.ts';

const PAGE = 8;

/** Where a key leads from `cell`; null where the key means nothing here. */
export function cellAfterKey(rows: Axis, cols: Axis, cell: Cell, key: string, ctrl: boolean): Cell | null {
  const row = placeOf(rows, cell.row);
  const col = placeOf(cols, cell.col);
  const to = (r: number, c: number): Cell => ({ row: indexAt(rows, r), col: indexAt(cols, c) });
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, col);
    case 'ArrowDown':
      return to(row + 1, col);
    case 'ArrowLeft':
      return to(row, col - 1);
    case 'ArrowRight':
      return to(row, col + 1);
    case 'PageUp':
      return to(row - PAGE, col);
    case 'PageDown':
      return to(row + PAGE, col);
    case 'Home':
      return to(ctrl ? 0 : row, 0);
    case 'End':
      return to(ctrl ? Number.POSITIVE_INFINITY : row, Number.POSITIVE_INFINITY);
    default:
      return null;
  }
}

/** The place of the slot that holds an index. */
export function placeOf(axis: Axis, index: number): number {
  const slot = slotOf(axis, index);
  return slot === undefined ? 0 : axis.slots.indexOf(slot);
}

function indexAt(axis: Axis, place: number): number {
  const slot = axis.slots[Math.min(Math.max(0, place), axis.slots.length - 1)];
  return slot === undefined ? 0 : indexOf(slot);
}
