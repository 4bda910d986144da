import { create } from 'zustand';
import { layersExperiment } from '#lab/layers/experiment.ts';
import { experimentStore } from '#ui/page/pageStore.ts';

/** The store of the Layers page. */
export const layersStore = experimentStore(layersExperiment);
export const useLayers = layersStore.use;

interface OpenedRank {
  readonly rank: number;
  choose(rank: number): void;
}

/** The rank that one looks at: the picture chooses it with a tensor, the opened tensor shows it. Of this visit only. */
export const useOpenedRank = create<OpenedRank>((set) => ({
  rank: 0,
  choose: (rank) => set({ rank }),
}));
