import { memo } from 'react';
import type { Span } from '#base/trace.ts';
import { barPaths, outline } from './barPaths.ts';
import type { Bar } from './bars.ts';
import css from './clock.module.css';
import type { ClockRows } from './clockRows.ts';

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly rows: ClockRows;
  /** Spans to set off from the others; null where none are. */
  readonly lit: ReadonlySet<Span> | null;
}

/** Pixels from a bar to the line around it where it is set off, so that it keeps its colour. */
const LIT = 1.5;

/** All bars. Pointing at one draws none of them anew. */
export const Bars = memo(function Bars({ bars, rows, lit }: BarsProps) {
  const marked =
    lit === null ? [] : bars.filter(({ stretches }) => stretches.some(({ span }) => lit.has(span)));
  return (
    <>
      {barPaths(bars, rows).map(({ rank, kind, d }) => (
        <g key={`${rank} ${kind}`} data-rank={rank}>
          <path className={css[`bar-${kind}`]} d={d} />
        </g>
      ))}
      {marked.length > 0 && (
        <path className={css['lit']} d={marked.map((bar) => outline(bar, rows, LIT)).join('')} />
      )}
    </>
  );
});
