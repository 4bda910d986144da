/** The clock's axis: the stretch of time that is shown, and round numbers along it. */

export interface TimeView {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Tick {
  readonly ms: number;
  readonly label: string;
}

export type TimeUnit = 'ms' | 'µs';

/** Microseconds where the numbers would otherwise be mostly zeros. */
export function unitOf(view: TimeView): TimeUnit {
  return view.endMs - view.startMs < 0.5 ? 'µs' : 'ms';
}

/** Ticks at 1, 2 or 5 times a power of ten from `origin`, at most `most` of them. */
export function ticksOf(view: TimeView, origin: number, most: number, unit: TimeUnit = 'ms'): Tick[] {
  const perMs = unit === 'ms' ? 1 : 1000;
  const span = (view.endMs - view.startMs) * perMs;
  if (!(span > 0)) return [];
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  // By index, since adding up steps would drift.
  const first = Math.ceil(((view.startMs - origin) * perMs) / step - 1e-9);
  const last = Math.floor(((view.endMs - origin) * perMs) / step + 1e-9);
  for (let i = first; i <= last; i++)
    ticks.push({ ms: origin + (i * step) / perMs, label: (i * step).toFixed(decimals) });
  return ticks;
}

/** Never less than a microsecond is shown. */
const LEAST_MS = 0.001;

/** Half or twice as much time, about `centre`, never more than the whole. */
export function zoomed(view: TimeView, whole: TimeView, factor: number, centre: number): TimeView {
  const length = lengthAfter(view, whole, factor);
  return within({ startMs: centre - length / 2, endMs: centre + length / 2 }, whole);
}

/** The same, but what is at `ms` stays where it is on the screen: for wheels and fingers. */
export function zoomedAt(view: TimeView, whole: TimeView, factor: number, ms: number): TimeView {
  const length = lengthAfter(view, whole, factor);
  const share = (ms - view.startMs) / (view.endMs - view.startMs);
  const startMs = ms - share * length;
  return within({ startMs, endMs: startMs + length }, whole);
}

function lengthAfter(view: TimeView, whole: TimeView, factor: number): number {
  const most = whole.endMs - whole.startMs;
  return Math.min(most, Math.max(LEAST_MS, (view.endMs - view.startMs) * factor));
}

/** Moved by so much time, inside of the whole. */
export function panned(view: TimeView, whole: TimeView, byMs: number): TimeView {
  return within({ startMs: view.startMs + byMs, endMs: view.endMs + byMs }, whole);
}

/** The same length of time, moved inside of the whole. */
export function within(view: TimeView, whole: TimeView): TimeView {
  const length = view.endMs - view.startMs;
  const startMs = Math.min(Math.max(view.startMs, whole.startMs), whole.endMs - length);
  return { startMs, endMs: startMs + length };
}

/** The view, moved if need be so that `ms` is in it. */
export function following(view: TimeView, whole: TimeView, ms: number): TimeView {
  if (ms >= view.startMs && ms <= view.endMs) return view;
  const half = (view.endMs - view.startMs) / 2;
  return within({ startMs: ms - half, endMs: ms + half }, whole);
}
