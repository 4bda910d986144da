/** The pages: the header's links and the router read this table. */

import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface PageEntry {
  readonly id: string;
  readonly label: string;
  readonly Page: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly PageEntry[] = [
  {
    id: 'split',
    label: 'Split',
    Page: lazy(async () => ({ default: (await import('../pages/split/SplitPage.tsx')).SplitPage })),
  },
  {
    id: 'layers',
    label: 'Layers',
    Page: lazy(async () => ({ default: (await import('../pages/layers/LayersPage.tsx')).LayersPage })),
  },
  {
    id: 'benchmark',
    label: 'Benchmark',
    Page: lazy(async () => ({ default: (await import('../pages/bench/BenchPage.tsx')).BenchPage })),
  },
];
