import { useEffect, useMemo, useState } from 'react';
import { progressAt } from '#lab/split/timeline.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { RunScrubber } from '#ui/page/RunScrubber.tsx';
import { hasModifier, isWriting, useScreenScale } from '#ui/shell/present.ts';
import { momentSentence } from '../moment.ts';
import { RingPicture } from '../ring/RingPicture.tsx';
import { whyStill } from '../ring/ringWords.ts';
import { followedChunk } from '../stage/follow.ts';
import { Stage } from '../stage/Stage.tsx';
import { momentOf, trackOf } from '../track.ts';
import { splitStore, useSplit } from '../useSplit.ts';
import { sentenceOf } from '../words.ts';
import css from './present.module.css';

/** What the sentences, the scrubber and the keys leave of the height. */
const STAGE = 448;

/** The product for a room: stage, ring and sentence, and keys that work wherever the focus is. */
export function PresentView() {
  const run = useSplit((state) => state.run);
  const [hidden, setHidden] = useState(false);
  const scale = useScreenScale();
  useKeys(() => setHidden((before) => !before));
  if (run === null) return <p className={css['waiting']}>The ranks compute …</p>;
  return (
    <div className={css['present']} style={{ zoom: scale }} data-hidden={hidden || undefined}>
      <h1>{sentenceOf(run.plan).title}</h1>
      <div className={css['pictures']} data-ring={whyStill(run) === null || undefined}>
        <Stage bare most={STAGE} />
        {whyStill(run) === null && <Ring />}
      </div>
      <RunScrubber store={splitStore} trackOf={trackOf} momentOf={momentOf} sentenceOf={momentSentence} />
      <p className={css['keys']}>
        <kbd>Space</kbd> plays, <kbd>←</kbd> <kbd>→</kbd> or a clicker steps, <kbd>H</kbd>{' '}
        {hidden ? 'shows' : 'hides'} the answer, <kbd>P</kbd> leaves
      </p>
    </div>
  );
}

function Ring() {
  const cell = useSplit((state) => state.selected);
  const run = useSplit((state) => state.run);
  const at = useSplit((state) => state.at);
  const { ref, width } = useWidth<HTMLElement>();
  const progress = useMemo(() => (run === null ? null : progressAt(run.timeline, at)), [run, at]);
  return (
    <section className="panel" aria-label="The ring" ref={ref}>
      {run !== null && progress !== null && width > 0 && (
        <RingPicture run={run} progress={progress} width={width} followed={followedChunk(run.plan, cell)} />
      )}
    </section>
  );
}

/** Where a key has a meaning of its own, it keeps it: in the cells of Y, on the scrubber, on a button. */
const OWN = '[role="slider"], [role="gridcell"], button, summary, a';

function useKeys(hide: () => void): void {
  const play = useSplit((state) => state.play);
  const pause = useSplit((state) => state.pause);
  const step = useSplit((state) => state.step);
  const playing = useSplit((state) => state.playing);
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
