/** Ticks of the charts' axes. */

/** Powers of `base` around the values, at least one step; on a logarithmic axis. */
export function powerTicks(values: readonly number[], base: number): number[] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [1, base];
  const log = (value: number): number => Math.log(value) / Math.log(base);
  const first = Math.floor(log(Math.min(...positive)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(log(Math.max(...positive)) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => base ** (first + i));
}

/** At most `most` of them, evenly, from the first on. */
export function thinned(ticks: readonly number[], most: number): number[] {
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % step === 0);
}

/** From 0 in round steps of 1, 2 or 5 to the value or beyond. */
export function linearTicks(largest: number, most = 5): number[] {
  const top = largest > 0 && Number.isFinite(largest) ? largest : 1;
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((nice) => nice * power >= rough * (1 - 1e-9)) ?? 10);
  const count = Math.ceil(top / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

const ROW_HEIGHT = 30;
/** More rows than this stand closer. */
export const MANY_ROWS = 8;
const CLOSE_HEIGHT = 22;
const AXIS_HEIGHT = 34;

/** What a TimeChart of so many rows takes at least, in pixels. Apart from it, which brings a large library. */
export function timeChartHeight(rows: number): number {
  return rows * (rows > MANY_ROWS ? CLOSE_HEIGHT : ROW_HEIGHT) + AXIS_HEIGHT;
}
