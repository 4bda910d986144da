/** Rows that a table begins with, and that a click adds: thousands would keep the page busy for seconds. */
export const ROWS_AT_ONCE = 100;

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
    <p className="bench-more">
      <button type="button" className="ghost" onClick={() => onMore(most + ROWS_AT_ONCE)}>
        Show {Math.min(left, ROWS_AT_ONCE)} more
      </button>{' '}
      of {left.toLocaleString('en')} rows that are left
    </p>
  );
}
