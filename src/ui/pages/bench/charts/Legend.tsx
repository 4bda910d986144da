import type { XYReference } from '#ui/charts/XYChart.tsx';
import type { NamedSeries } from './chartSeries.ts';
import css from './charts.module.css';
import { SeriesMark } from './SeriesMark.tsx';

interface LegendProps {
  readonly series: readonly NamedSeries[];
  /** Dotted lines that are too near to others to be named where they are. */
  readonly references?: readonly XYReference[];
}

export function Legend({ series, references = [] }: LegendProps) {
  return (
    <ul className={css['legend']}>
      {series.map(({ id, label, color, mark, overlay, line }) => (
        <li key={id}>
          <SeriesMark color={color} mark={mark} overlay={overlay} line={line} />
          {label}
        </li>
      ))}
      {references.map(({ id, label }) => (
        <li key={`reference ${id}`}>
          <svg width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
            <path d="M1 6H25" stroke="var(--edge)" strokeWidth="1.5" strokeDasharray="2 4" />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
