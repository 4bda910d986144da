/**
 * What a mouse, a trackpad and fingers do on the clock. A drag marks a stretch of time to zoom in to; with Shift, on the
 * axis or by finger it moves the view. The wheel zooms with Ctrl or ⌘, which is also what a pinch on a trackpad sends, and
 * moves sideways; alone it scrolls the page. Two fingers zoom.
 */

import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { panned, type TimeView, zoomedAt } from './timeAxis.ts';
import type { Zoom } from './useZoom.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

type Drag =
  | { readonly kind: 'mark'; readonly from: number; readonly to: number }
  | { readonly kind: 'move'; readonly from: number; readonly view: TimeView }
  | { readonly kind: 'pinch'; readonly apart: number; readonly view: TimeView; readonly ms: number };

interface GestureOptions {
  readonly zoom: Zoom;
  /** Pixels of the plot, and of its lanes: the axis lies below. */
  readonly width: number;
  readonly lanesHeight: number;
  readonly onPoint: (point: Point) => void;
  readonly onClick: (point: Point) => void;
}

/** A press that moves no further is a click. */
const STILL = 6;

export function useGestures({ zoom, width, lanesHeight, onPoint, onClick }: GestureOptions) {
  const { view, whole, isZoomed, setView } = zoom;
  const [drag, setDrag] = useState<Drag | null>(null);
  const pointers = useRef(new Map<number, Point>());
  const clamp = (x: number): number => Math.min(width, Math.max(0, x));
  const msPerPixel = (view.endMs - view.startMs) / width;
  const msAt = (x: number): number => view.startMs + x * msPerPixel;
  const plot = useRef<HTMLDivElement>(null);
  useWheel(plot, (event, x) => {
    if (event.ctrlKey || event.metaKey) {
      setView(zoomedAt(view, whole, Math.exp(Math.max(-50, Math.min(50, event.deltaY)) / 100), msAt(x)));
      return true;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (!isZoomed || Math.abs(sideways) < Math.abs(event.shiftKey ? 0 : event.deltaY)) return false;
    setView(panned(view, whole, sideways * msPerPixel));
    return true;
  });

  const down = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const point = pointOf(event);
    pointers.current.set(event.pointerId, point);
    event.currentTarget.setPointerCapture(event.pointerId);
    const [a, b] = [...pointers.current.values()];
    if (a !== undefined && b !== undefined) {
      const ms = msAt(clamp((a.x + b.x) / 2));
      setDrag({ kind: 'pinch', apart: Math.max(8, Math.abs(a.x - b.x)), view, ms });
      return;
    }
    const moves = event.pointerType !== 'mouse' || event.shiftKey || point.y > lanesHeight;
    setDrag(moves ? { kind: 'move', from: point.x, view } : { kind: 'mark', from: point.x, to: point.x });
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const point = pointOf(event);
    onPoint(point);
    if (drag === null || !pointers.current.has(event.pointerId)) return;
    pointers.current.set(event.pointerId, point);
    if (drag.kind === 'mark') setDrag({ ...drag, to: clamp(point.x) });
    if (drag.kind === 'move' && isZoomed) {
      const perPixel = (drag.view.endMs - drag.view.startMs) / width;
      setView(panned(drag.view, whole, (drag.from - point.x) * perPixel));
    }
    if (drag.kind === 'pinch') {
      const [a, b] = [...pointers.current.values()];
      const apart = Math.max(8, Math.abs((a?.x ?? 0) - (b?.x ?? 0)));
      setView(zoomedAt(drag.view, whole, drag.apart / apart, drag.ms));
    }
  };
  const up = (event: PointerEvent<HTMLElement>): void => {
    if (!pointers.current.delete(event.pointerId) || drag === null) return;
    const point = pointOf(event);
    const moved = drag.kind === 'pinch' ? STILL + 1 : Math.abs(point.x - drag.from);
    if (moved <= STILL) onClick(point);
    else if (drag.kind === 'mark') {
      const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      setView({ startMs: msAt(from), endMs: msAt(to) });
    }
    setDrag(null);
  };
  const cancel = (event: PointerEvent<HTMLElement>): void => {
    pointers.current.delete(event.pointerId);
    setDrag(null);
  };
  return {
    /** In pixels; null where none is being marked. */
    mark: drag?.kind === 'mark' ? drag : null,
    handlers: {
      ref: plot,
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: cancel,
      onDoubleClick: zoom.all,
    },
  };
}

function pointOf(event: PointerEvent<HTMLElement>): Point {
  const bounds = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
}

/** React listens to wheels passively, and so could not keep the page from scrolling. */
function useWheel(ref: RefObject<HTMLElement | null>, turn: (event: WheelEvent, x: number) => boolean): void {
  const latest = useRef(turn);
  useEffect(() => {
    latest.current = turn;
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const listen = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left;
      if (latest.current(event, x)) event.preventDefault();
    };
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [ref]);
}
