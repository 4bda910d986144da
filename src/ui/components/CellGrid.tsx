import type { KeyboardEvent } from 'react';
import css from './cellGrid.module.css';
import { type CellPlace, type GridSize, placeAfterKey } from './gridKeys.ts';

interface CellGridProps {
  readonly label: string;
  readonly size: GridSize;
  /** The cell that is in the document, in words, and where it lies: pixels from the top left of what is drawn. */
  readonly place: CellPlace;
  readonly cell: string;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Whether it is outlined without the focus too. */
  readonly pointed?: boolean;
  /** Another cell, or with Escape none. */
  readonly onGo: (place: CellPlace | null) => void;
  readonly onBlur?: () => void;
}

/** What a canvas shows as cells, for the keyboard: a grid of which only the cell in focus is in the document. */
export function CellGrid({ label, size, place, cell, box, pointed = false, onGo, onBlur }: CellGridProps) {
  const keyDown = (event: KeyboardEvent): void => {
    const next = event.key === 'Escape' ? null : placeAfterKey(size, place, event);
    if (next === null && event.key !== 'Escape') return;
    event.preventDefault();
    onGo(next);
  };
  return (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is what ARIA makes grids of
      role="grid"
      className={css['grid']}
      aria-label={label}
      aria-rowcount={size.rows}
      aria-colcount={size.cols}
    >
      <tbody>
        <tr aria-rowindex={place.row + 1}>
          <td
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of that grid
            role="gridcell"
            tabIndex={0}
            aria-colindex={place.col + 1}
            aria-label={cell}
            className={css['cell']}
            data-pointed={pointed ? '' : undefined}
            style={box}
            onKeyDown={keyDown}
            onFocus={() => onGo(place)}
            onBlur={onBlur}
          />
        </tr>
      </tbody>
    </table>
  );
}
