import { type KeyboardEvent, useId } from 'react';
import { indexAfterKey } from './barKeys.ts';
import type { Bar } from './bars.ts';
import css from './clock.module.css';
import { type ClockRows, rowOf } from './clockRows.ts';
import { describeBar } from './clockWords.ts';
import type { ClockModel } from './stretch.ts';
import type { ZoomActions } from './useZoom.ts';

interface BarListProps {
  readonly model: ClockModel;
  readonly bars: readonly Bar[];
  readonly rows: ClockRows;
  readonly active: Bar | null;
  readonly zoom: ZoomActions;
  readonly onActive: (bar: Bar | null) => void;
  /** What Enter does with a bar, if anything. */
  readonly onChoose?: ((bar: Bar) => void) | undefined;
}

/** The bars for the keyboard: a list of which only the chosen one is in the document. */
export function BarList({ model, bars, rows, active, zoom, onActive, onChoose }: BarListProps) {
  const id = useId();
  const index = active === null ? -1 : bars.indexOf(active);
  const bar = bars[index];
  const row = bar === undefined ? undefined : rowOf(rows, bar.rank, bar.lane);
  const keyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = bars[indexAfterKey(bars, index, event.key)];
    const actions: Readonly<Record<string, (() => void) | undefined>> = {
      Escape: () => onActive(null),
      '+': zoom.nearer,
      '=': zoom.nearer, // where + needs Shift
      '-': zoom.farther,
      '0': zoom.all,
      Enter: bar && onChoose && (() => onChoose(bar)),
    };
    const action = next === undefined ? actions[event.key] : () => onActive(next);
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return (
    <div
      role="listbox"
      tabIndex={0}
      className={css['list']}
      aria-label="Spans on the clock"
      aria-keyshortcuts="+ - 0"
      aria-activedescendant={bar === undefined ? undefined : `${id}-${index}`}
      onKeyDown={keyDown}
      onFocus={() => {
        if (active === null && bars[0] !== undefined) onActive(bars[0]);
      }}
      onBlur={() => onActive(null)}
    >
      {bar !== undefined && row !== undefined && (
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and points here (aria-activedescendant)
        <div
          role="option"
          id={`${id}-${index}`}
          aria-selected="true"
          aria-posinset={index + 1}
          aria-setsize={bars.length}
          aria-label={describeBar(model, bar)}
          className={css['active']}
          style={{ left: bar.x - 2, top: row.top - 2, width: bar.width + 4, height: row.height + 4 }}
        />
      )}
    </div>
  );
}
