import { type KeyboardEvent, useId } from 'react';
import type { Bar } from './bars.ts';
import css from './clock.module.css';
import type { LaneRow } from './clockRows.ts';
import { describeBar } from './clockWords.ts';

interface BarListProps {
  readonly bars: readonly Bar[];
  readonly originMs: number;
  readonly active: Bar | null;
  readonly rowOf: (bar: Bar) => LaneRow | undefined;
  readonly onActive: (bar: Bar | null) => void;
}

/** The bars for the keyboard: a list of which only the chosen one is in the document. */
export function BarList({ bars, originMs, active, rowOf, onActive }: BarListProps) {
  const id = useId();
  const index =
    active === null
      ? -1
      : bars.findIndex((bar) => bar.rank === active.rank && bar.lane === active.lane && bar.x === active.x);
  const bar = bars[index];
  const row = bar === undefined ? undefined : rowOf(bar);
  const keyDown = (event: KeyboardEvent): void => {
    const next = bars[indexAfterKey(bars, index, event.key)];
    if (event.key === 'Escape') onActive(null);
    else if (next === undefined) return;
    else onActive(next);
    event.preventDefault();
  };
  return (
    <div
      role="listbox"
      tabIndex={0}
      className={css['list']}
      aria-label="Spans on the clock"
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
          aria-label={describeBar(bar, originMs)}
          className={css['active']}
          style={{ left: bar.x - 2, top: row.top - 2, width: bar.width + 4, height: row.height + 4 }}
        />
      )}
    </div>
  );
}

/** Left and right along a lane; up and down to the nearest bar of the next lane that has one; −1 for other keys. */
export function indexAfterKey(bars: readonly Bar[], index: number, key: string): number {
  const bar = bars[index];
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return bars.length - 1;
    case 'ArrowRight':
      return Math.min(bars.length - 1, index + 1);
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowDown':
    case 'ArrowUp': {
      if (bar === undefined) return 0;
      const isOther = (other: Bar): boolean => other.rank !== bar.rank || other.lane !== bar.lane;
      const found =
        key === 'ArrowDown' ? bars.slice(index).find(isOther) : bars.slice(0, index).findLast(isOther);
      if (found === undefined) return index;
      const lane = bars.filter((other) => other.rank === found.rank && other.lane === found.lane);
      const nearest = lane.reduce((a, b) => (Math.abs(b.x - bar.x) < Math.abs(a.x - bar.x) ? b : a));
      return bars.indexOf(nearest);
    }
    default:
      return -1;
  }
}
