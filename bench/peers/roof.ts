/** What a roofline shows. */

export type Mark = 'ours' | 'square' | 'triangle' | 'diamond' | 'cross';

export interface RoofPanel {
  readonly title: string;
  /** In GFLOP/s and GB/s. */
  readonly roof: { readonly rate: number; readonly traffic: number };
  readonly roofText: string;
  readonly series: readonly RoofSeries[];
}

export interface RoofSeries {
  readonly label: string;
  readonly mark: Mark;
  readonly points: readonly { readonly intensity: number; readonly gflops: number }[];
}

/** FLOP a byte of a product that reads both matrices once and writes the third. */
export function intensityOf(m: number, k: number, n: number): number {
  return (2 * m * k * n) / (4 * (m * k + k * n + m * n));
}
