/** The clock's axis: the stretch of time that is shown, and round numbers along it. */

export interface TimeView {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Tick {
  readonly ms: number;
  readonly label: string;
}

/** Ticks at 1, 2 or 5 times a power of ten from `origin`, at most `most` of them. */
export function ticksOf(view: TimeView, origin: number, most: number): Tick[] {
  const span = view.endMs - view.startMs;
  if (!(span > 0)) return [];
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  // By index, since adding up steps would drift.
  const first = Math.ceil((view.startMs - origin) / step - 1e-9);
  const last = Math.floor((view.endMs - origin) / step + 1e-9);
  for (let i = first; i <= last; i++)
    ticks.push({ ms: origin + i * step, label: (i * step).toFixed(decimals) });
  return ticks;
}

/** Half or twice as much time, about `centre`, never more than the whole and never less than a microsecond. */
export function zoomed(view: TimeView, whole: TimeView, factor: number, centre: number): TimeView {
  const length = Math.min(whole.endMs - whole.startMs, Math.max(0.001, (view.endMs - view.startMs) * factor));
  return within({ startMs: centre - length / 2, endMs: centre + length / 2 }, whole);
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
