/** Which stretch of time a clock shows: the whole run, until someone looks closer. */

import { useMemo, useState } from 'react';
import type { ClockModel } from './stretch.ts';
import { following, type TimeView, zoomed } from './timeAxis.ts';

export interface ZoomActions {
  /** Twice as near, about what is pointed at or else the page's moment. */
  readonly nearer: () => void;
  readonly farther: () => void;
  readonly all: () => void;
}

export interface Zoom extends ZoomActions {
  readonly view: TimeView;
  readonly whole: TimeView;
  readonly isZoomed: boolean;
  readonly setView: (view: TimeView) => void;
}

/**
 * @param cursorMs the page's moment: when it moves out of the view, the view follows
 * @param centreMs what to zoom in about
 */
export function useZoom(model: ClockModel, cursorMs: number, centreMs: number): Zoom {
  const [zoom, setZoom] = useState<{ model: ClockModel; view: TimeView; cursorMs: number } | null>(null);
  const whole = useMemo(
    () => ({ startMs: model.startMs, endMs: Math.max(model.endMs, model.startMs + 0.001) }),
    [model],
  );
  const current = zoom?.model === model ? zoom : null; // of another run it says nothing
  const view = useMemo(() => {
    if (current === null) return whole;
    return current.cursorMs === cursorMs ? current.view : following(current.view, whole, cursorMs);
  }, [current, whole, cursorMs]);
  const setView = (next: TimeView): void => {
    const isWhole = next.endMs - next.startMs >= whole.endMs - whole.startMs;
    setZoom(isWhole ? null : { model, view: next, cursorMs });
  };
  return {
    view,
    whole,
    isZoomed: current !== null,
    setView,
    nearer: () => setView(zoomed(view, whole, 0.5, centreMs)),
    farther: () => setView(zoomed(view, whole, 2, (view.startMs + view.endMs) / 2)),
    all: () => setView(whole),
  };
}
