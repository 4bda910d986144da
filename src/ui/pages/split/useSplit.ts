import { splitExperiment } from '#lab/split/experiment.ts';
import { experimentStore } from '#ui/page/pageStore.ts';

/** The store of the Split page. */
export const splitStore = experimentStore(splitExperiment);
export const useSplit = splitStore.use;
