import { type ReactNode, useEffect, useState } from 'react';
import type { Kinds } from '#lab/experiment.ts';
import type { ScrubberProps, ScrubberTrack } from '#ui/components/scrubber/Track.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { hasModifier, isWriting, useScreenScale } from '#ui/shell/present.ts';
import type { ExperimentPageStore } from '../pageStore.ts';
import { RunScrubber } from '../RunScrubber.tsx';
import css from './present.module.css';

interface PresentPageProps<E extends Kinds> {
  readonly store: ExperimentPageStore<E>;
  /** What the ranks did; null before they have. */
  readonly title: string | null;
  readonly trackOf: (plan: E['plan']) => ScrubberTrack;
  readonly momentOf: (plan: E['plan'], at: number) => ScrubberProps['moment'];
  readonly sentenceOf: (run: E['run'], at: number) => string;
  /** The pictures, laid out for 1280 × 720. */
  readonly children: ReactNode;
}

/** A run for a room: pictures and a sentence, and keys that work wherever the focus is. */
export function PresentPage<E extends Kinds>(props: PresentPageProps<E>) {
  const { store, title, trackOf, momentOf, sentenceOf, children } = props;
  const [hidden, setHidden] = useState(false);
  const scale = useScreenScale();
  useKeys(store, () => setHidden((before) => !before));
  if (title === null) return <p className={css['waiting']}>The ranks compute …</p>;
  return (
    <div className={css['present']} style={{ zoom: scale }} data-hidden={hidden || undefined}>
      <h1>
        <Defined text={title} />
      </h1>
      {children}
      <RunScrubber store={store} trackOf={trackOf} momentOf={momentOf} sentenceOf={sentenceOf} />
      <p className={css['keys']}>
        <kbd>Space</kbd> plays, <kbd>←</kbd> <kbd>→</kbd> or a clicker steps, <kbd>H</kbd>{' '}
        {hidden ? 'shows' : 'hides'} the answer, <kbd>P</kbd> leaves
      </p>
    </div>
  );
}

/** Where a key has a meaning of its own, it keeps it: in the cells of Y, on the scrubber, on a button. */
const OWN = '[role="slider"], [role="gridcell"], button, summary, a';

function useKeys<E extends Kinds>({ use }: ExperimentPageStore<E>, hide: () => void): void {
  const play = use((state) => state.play);
  const pause = use((state) => state.pause);
  const step = use((state) => state.step);
  const playing = use((state) => state.playing);
  useEffect(() => {
    const actions: Readonly<Record<string, () => void>> = {
      ' ': playing ? pause : play,
      ArrowRight: () => step(1),
      ArrowLeft: () => step(-1),
      PageDown: () => step(1),
      PageUp: () => step(-1),
      h: hide,
      H: hide,
    };
    const onKey = (event: KeyboardEvent): void => {
      const action = actions[event.key];
      const { target } = event;
      if (action === undefined || hasModifier(event) || isWriting(event) || event.defaultPrevented) return;
      const isOwn = target instanceof Element && target.matches(OWN) && !event.key.startsWith('Page');
      if (isOwn && event.key.toLowerCase() !== 'h') return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [play, pause, step, playing, hide]);
}
