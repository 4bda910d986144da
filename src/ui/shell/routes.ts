/** The pages: the header's links and the router read this table. */

import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface PageEntry {
  readonly id: string;
  readonly label: string;
  /** Led to from other pages, and not by the header: a phone has room for few. */
  readonly aside: boolean;
  /** Fetches the page's code. A second call costs nothing. */
  readonly load: () => Promise<unknown>;
  readonly Page: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly PageEntry[] = [
  page('story', 'Story', async () => (await import('../pages/story/StoryPage.tsx')).StoryPage),
  page('split', 'Split', async () => (await import('../pages/split/SplitPage.tsx')).SplitPage),
  page('layers', 'Layers', async () => (await import('../pages/layers/LayersPage.tsx')).LayersPage),
  page('model', 'Model', async () => (await import('../pages/model/ModelPage.tsx')).ModelPage),
  page('plan', 'Plan', async () => (await import('../pages/plan/PlanPage.tsx')).PlanPage),
  page('benchmark', 'Benchmark', async () => (await import('../pages/bench/BenchPage.tsx')).BenchPage),
  {
    ...page('museum', 'Bug museum', async () => (await import('../pages/museum/MuseumPage.tsx')).MuseumPage),
    aside: true,
  },
];

function page(id: string, label: string, load: () => Promise<ComponentType>): PageEntry {
  return { id, label, aside: false, load, Page: lazy(async () => ({ default: await load() })) };
}
