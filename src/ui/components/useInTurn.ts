/**
 * Parts of a page that take long to draw take over what they draw one after the other. React would draw all that follow
 * from one change in a single task: four charts and a table of ten thousand results were 750 ms in which nothing else
 * could happen.
 */

import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Those whose turn has not come, in the order in which they asked. */
const waiting = new Set<() => void>();

function ask(take: () => void): void {
  if (waiting.size === 0) setTimeout(giveTurn);
  waiting.add(take);
}

function giveTurn(): void {
  const [first] = waiting;
  if (first === undefined) return;
  flushSync(first); // in this task: left to React, several would be drawn together again
  waiting.delete(first);
  if (waiting.size > 0) afterFrame(giveTurn);
}

/** What has been drawn is laid out in the next frame. Without one in between, all that follow would be laid out together. */
function afterFrame(next: () => void): void {
  if (document.hidden)
    setTimeout(next); // where no frames come
  else requestAnimationFrame(() => setTimeout(next));
}

/** The value, or the last one until it is this component's turn to draw the new one. The first is there at once. */
export function useInTurn<T>(value: T): T {
  const [taken, setTaken] = useState(() => value);
  const latest = useRef(value);
  const [take] = useState(() => () => setTaken(() => latest.current));
  useEffect(() => {
    latest.current = value;
    if (!Object.is(value, taken)) ask(take); // its place in the row stays, though the value changes meanwhile
  }, [value, taken, take]);
  useEffect(() => () => void waiting.delete(take), [take]);
  return taken;
}

/** How many of so many rows to draw by now: some more with each frame. A hundred runs at once were 250 ms. */
export function useMoreEachFrame(count: number, some: number): number {
  const [drawn, setDrawn] = useState(some);
  useEffect(() => {
    if (drawn < count) afterFrame(() => setDrawn(drawn + some));
  }, [drawn, count, some]);
  return Math.min(drawn, count);
}
