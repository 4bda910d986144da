/** Keys that walk over cells, as in any grid (ARIA Authoring Practices, grid pattern). */

/** Places of a cell, counted from the top left. */
export interface CellPlace {
  readonly row: number;
  readonly col: number;
}

/** How many rows and columns there are. */
export interface GridSize {
  readonly rows: number;
  readonly cols: number;
}

/** Rows that Page Up and Page Down go. */
const PAGE = 8;

/** Where a key leads from a place; null where the key means nothing here. */
export function placeAfterKey(
  { rows, cols }: GridSize,
  { row, col }: CellPlace,
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
): CellPlace | null {
  const to = (r: number, c: number): CellPlace => ({
    row: Math.max(0, Math.min(rows - 1, r)),
    col: Math.max(0, Math.min(cols - 1, c)),
  });
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
      return to(ctrlKey ? 0 : row, 0);
    case 'End':
      return to(ctrlKey ? rows : row, cols);
    default:
      return null;
  }
}
