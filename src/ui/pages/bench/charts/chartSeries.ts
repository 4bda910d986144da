/** A series of a chart with its name in the legend. */

import type { XYSeries } from '#ui/charts/XYChart.tsx';

export interface NamedSeries extends XYSeries {
  readonly label: string;
}

/** "CPU", of another run "CPU (cluster.json)". */
export function runLabel(label: string, run: string): string {
  return run === '' ? label : `${label} (${run})`;
}
