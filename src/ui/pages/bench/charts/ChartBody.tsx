import { lazy, type ReactNode, Suspense } from 'react';
import css from './charts.module.css';

/** The charts' library is large, and nothing above needs it. */
export const XYChart = lazy(async () => ({ default: (await import('../../../charts/XYChart.tsx')).XYChart }));
export const TimeChart = lazy(async () => ({
  default: (await import('../../../charts/TimeChart.tsx')).TimeChart,
}));

interface ChartBodyProps {
  /** What to run to see something here; null where there is something. */
  readonly empty: string | null;
  readonly children: ReactNode;
}

export function ChartBody({ empty, children }: ChartBodyProps) {
  if (empty !== null) return <p className={css['empty']}>{empty}</p>;
  return (
    <div className={css['body']}>
      <Suspense fallback={<p className={css['empty']}>Loading the chart …</p>}>{children}</Suspense>
    </div>
  );
}
