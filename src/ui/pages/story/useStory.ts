/** The store of the story, bound to the address, and the store of the product that its stage shows. */

import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { splitExperiment } from '#lab/split/experiment.ts';
import { createStoryLab, type RanksOfStory } from '#lab/story/lab.ts';
import { createStoryStore, type StoryStore } from '#lab/story/store.ts';
import { clearMachine, lookAt } from '#ui/page/machine.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindPage } from '#ui/url/bindPage.ts';
import type { useSplit } from '../split/useSplit.ts';
import { CHAPTERS } from './chapters/index.ts';
import { hashOfPlace, linkOf } from './place.ts';

let lab: RanksOfStory | null = null;

function create(): StoreApi<StoryStore> {
  const { device, ...place } = linkOf(location.hash, CHAPTERS.length);
  const ranks = createStoryLab(device, makeRoom);
  lab = ranks;
  const store = createStoryStore({ chapters: CHAPTERS, lab: ranks, place, shelf: () => localStorage });
  bindPage(store, {
    page: 'story',
    toHash: ({ place }) => hashOfPlace({ ...place, device }),
    plain: (hash) => hashOfPlace({ ...linkOf(hash, CHAPTERS.length), device }),
    arrive: ({ go }, hash) => go(linkOf(hash, CHAPTERS.length)),
    stepOf: ({ place }, before) => (place === before.place ? null : true),
  });
  return store;
}

/** The story's own benchmark ends what other pages have running, but not itself. */
function makeRoom(): void {
  isMine = true;
  clearMachine();
  isMine = false;
}

let isMine = false;

/** To a benchmark the ranks of the story give way; the chapter is opened again when the story is looked at. */
function look(store: StoreApi<StoryStore>): void {
  keeper ??= {
    getState() {
      const { phase, stop, retry } = store.getState();
      const busy = !isMine && (phase === 'preparing' || phase === 'running');
      const rerun = (): void => {
        if (phase === 'failed') retry();
      };
      return { phase: busy ? 'running' : 'idle', alive: lab?.alive() ?? false, stop, rerun };
    },
  };
  lookAt(keeper);
}

let keeper: Parameters<typeof lookAt>[0] | null = null;

export const storyStore = pageStore(create, look);
export const useStory = storyStore.use;

/** For {@link SplitScope}: the stage's components read from the story's product. */
export const storySplits = {
  experiment: splitExperiment,
  open() {},
  use: ((selector) => {
    const splits = lab?.splits();
    if (splits === null || splits === undefined) throw new Error('the stage stands behind the first product');
    return useStore(splits, selector);
  }) as typeof useSplit,
};
