import { createContext, useContext } from 'react';
import { type SplitKinds, splitExperiment } from '#lab/split/experiment.ts';
import { type ExperimentPageStore, experimentStore } from '#ui/page/pageStore.ts';

/** The store of the Split page. */
export const splitStore = experimentStore(splitExperiment);

/** Whose product the stage, the ring and the code show: the Split page's, but where another page lends them its own. */
export const SplitScope = createContext<ExperimentPageStore<SplitKinds>>(splitStore);

export const useSplit: ExperimentPageStore<SplitKinds>['use'] = (selector) =>
  useContext(SplitScope).use(selector);
