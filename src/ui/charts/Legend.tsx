import type { ReactNode } from 'react';
import { Defined } from '../components/term/Defined.tsx';
import css from './charts.module.css';
import { SeriesMark } from './Mark.tsx';
import type { XYReference, XYSeries } from './XYChart.tsx';

export interface LegendEntry {
  readonly id: string;
  readonly label: string;
  /** How it is drawn. */
  readonly mark: ReactNode;
}

/** What stands for what in a chart. */
export function Legend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  return (
    <ul className={css['legend']}>
      {entries.map(({ id, label, mark }) => (
        <li key={id}>
          {mark}
          <Defined text={label} />
        </li>
      ))}
    </ul>
  );
}

/** Of bars that are told apart by their filling. */
export function filled(series: readonly Filling[]): LegendEntry[] {
  return series.map(({ id, label, fill, stroke = 'transparent' }) => ({
    id,
    label,
    mark: <i style={{ background: fill, borderColor: stroke }} />,
  }));
}

interface Filling {
  readonly id: string;
  readonly label: string;
  readonly fill: string;
  readonly stroke?: string;
}

/** Of lines and points; and of dotted lines that are too near to others to be named where they are. */
export function marked(
  series: readonly (XYSeries & { readonly label: string })[],
  references: readonly XYReference[] = [],
): LegendEntry[] {
  return [
    ...series.map(({ id, label, color, mark, overlay, line }) => ({
      id,
      label,
      mark: <SeriesMark color={color} mark={mark} overlay={overlay} line={line} />,
    })),
    ...references.map(({ id, label }) => ({ id: `reference ${id}`, label, mark: DOTTED })),
  ];
}

const DOTTED = (
  <svg width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
    <path d="M1 6H25" stroke="var(--edge)" strokeWidth="1.5" strokeDasharray="2 4" />
  </svg>
);
