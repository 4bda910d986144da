import { type ReactNode, useMemo } from 'react';
import type { Kinds } from '#lab/experiment.ts';
import { Scrubber } from '#ui/components/scrubber/Scrubber.tsx';
import type { ScrubberProps, ScrubberTrack } from '#ui/components/scrubber/Track.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import css from './frame.module.css';
import type { ExperimentPageStore } from './pageStore.ts';
import { useStale } from './stale.tsx';
import { useMomentKeys } from './useMomentKeys.ts';

interface RunScrubberProps<E extends Kinds> {
  readonly store: ExperimentPageStore<E>;
  /** The track of a plan. */
  readonly trackOf: (plan: E['plan']) => ScrubberTrack;
  readonly momentOf: (plan: E['plan'], at: number) => ScrubberProps['moment'];
  /** What happens at a moment, in a sentence. */
  readonly sentenceOf: (run: E['run'], at: number) => string;
  /** What stands on top of it, in reach as it is. */
  readonly above?: ReactNode;
}

const BEFORE = { phase: 'the run before', label: 'the run before' };

/** Goes through the moments of the run: all panels that show one follow. */
export function RunScrubber<E extends Kinds>(props: RunScrubberProps<E>) {
  const { store, trackOf, momentOf, sentenceOf, above } = props;
  const planned = store.use((state) => state.plan);
  const run = store.use((state) => state.run);
  const at = store.use((state) => state.at);
  const playing = store.use((state) => state.playing);
  const seek = store.use((state) => state.seek);
  const step = store.use((state) => state.step);
  const play = store.use((state) => state.play);
  const pause = store.use((state) => state.pause);
  const stale = useStale(store);
  const plan = run?.plan ?? planned;
  const actions = useMemo(() => ({ seek, step, play, pause }), [seek, step, play, pause]);
  useMomentKeys(actions, playing, run !== null);
  const { segments, groups } = useMemo(() => trackOf(plan), [trackOf, plan]);
  const moment = useMemo(() => (run === null ? null : momentOf(plan, at)), [momentOf, plan, run, at]);
  const sentence = useMemo(() => (run === null ? null : sentenceOf(run, at)), [sentenceOf, run, at]);
  return (
    <div className={`panel ${css['scrubber']}`} data-part="scrubber">
      {above}
      {sentence !== null && (
        <p className={css['moment']}>
          <Defined text={stale === null ? sentence : `${stale}. The picture is of the run before.`} />
        </p>
      )}
      <Scrubber
        segments={segments}
        groups={groups}
        at={Math.min(at, segments.length - 1)}
        playing={playing}
        disabled={run === null}
        moment={stale === null ? moment : BEFORE}
        actions={actions}
      />
    </div>
  );
}
