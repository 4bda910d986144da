import { layersExperiment } from '#lab/layers/experiment.ts';
import { experimentStore } from '#ui/page/pageStore.ts';

/** The store of the Layers page. */
export const layersStore = experimentStore(layersExperiment);
export const useLayers = layersStore.use;
