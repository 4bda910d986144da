/** The tuning of kernels, as components read it. One for all pages; it ends when a benchmark starts. */

import { useStore } from 'zustand';
import type { TuningStore } from '#lab/tuning/store.ts';
import { tuningStore } from '#lab/tuning/tuning.ts';
import { classOf, type ShapeClass, USUAL_CLASSES } from '#tuning/shapeClass.ts';
import type { TunedTable } from '#tuning/table.ts';
import { useBench } from '../useBench.ts';

export function useTuning<T>(selector: (state: TuningStore) => T): T {
  return useStore(tuningStore(), selector);
}

/** The table that is shown: of the adapter here, once it is known, or the last that was measured. */
export function useTable(): TunedTable | null {
  return useTuning(({ tables }) => tables[0] ?? null);
}

/** What a visitor asks for: the products of the controls, and the usual ones. */
export function useClasses(): readonly ShapeClass[] {
  const shapes = useBench((state) => state.options.shapes);
  const asked = shapes.map(classOf).filter((cls) => cls !== null);
  return [...new Set([...USUAL_CLASSES, ...asked])];
}
