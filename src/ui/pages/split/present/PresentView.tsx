import { type CSSProperties, useEffect, useMemo, useState } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import { progressAt } from '#lab/split/timeline.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { RunScrubber } from '#ui/page/RunScrubber.tsx';
import { hasModifier, isWriting, useScreenScale } from '#ui/shell/present.ts';
import { momentSentence } from '../moment.ts';
import { RingPicture } from '../ring/RingPicture.tsx';
import { whyStill } from '../ring/ringWords.ts';
import { followedChunk } from '../stage/follow.ts';
import { layoutWithin } from '../stage/layout.ts';
import { Stage } from '../stage/Stage.tsx';
import { momentOf, trackOf } from '../track.ts';
import { splitStore, useSplit } from '../useSplit.ts';
import { sentenceOf } from '../words.ts';
import css from './present.module.css';

/** What the sentences, the scrubber and the keys leave for the pictures, and the share of it that the equation has. */
const HEIGHT = 440;
const WIDTH = 1240;
const BESIDE_RING = 7 / 12;
const MARGINS = 64;
/** How far the pictures are enlarged, with the words in them: as far as there is room. */
const ENLARGED = [1.4, 1.2, 1.1, 1] as const;

function enlargedBy({ plan, params }: SplitRun, rings: boolean): number {
  const fits = (by: number): boolean => {
    const width = (WIDTH * (rings ? BESIDE_RING : 1)) / by - MARGINS;
    const room = { width, height: HEIGHT / by };
    const layout = layoutWithin(plan, params.stored, room);
    return layout.width <= room.width + 1 && layout.height <= room.height;
  };
  return ENLARGED.find(fits) ?? 1;
}

/** The product for a room: stage, ring and sentence, and keys that work wherever the focus is. */
export function PresentView() {
  const run = useSplit((state) => state.run);
  const [hidden, setHidden] = useState(false);
  const scale = useScreenScale();
  useKeys(() => setHidden((before) => !before));
  const rings = run !== null && whyStill(run) === null;
  const by = useMemo(() => (run === null ? 1 : enlargedBy(run, rings)), [run, rings]);
  if (run === null) return <p className={css['waiting']}>The ranks compute …</p>;
  return (
    <div className={css['present']} style={{ zoom: scale }} data-hidden={hidden || undefined}>
      <h1>{sentenceOf(run.plan).title}</h1>
      <div
        className={css['pictures']}
        data-ring={rings || undefined}
        style={{ '--by': by, '--cap': run.plan.config.worldSize > 4 ? '13px' : '16.5px' } as CSSProperties}
      >
        <Stage bare most={HEIGHT / by} />
        {rings && <Ring most={HEIGHT / by} />}
      </div>
      <RunScrubber store={splitStore} trackOf={trackOf} momentOf={momentOf} sentenceOf={momentSentence} />
      <p className={css['keys']}>
        <kbd>Space</kbd> plays, <kbd>←</kbd> <kbd>→</kbd> or a clicker steps, <kbd>H</kbd>{' '}
        {hidden ? 'shows' : 'hides'} the answer, <kbd>P</kbd> leaves
      </p>
    </div>
  );
}

function Ring({ most }: { readonly most: number }) {
  const cell = useSplit((state) => state.selected);
  const run = useSplit((state) => state.run);
  const at = useSplit((state) => state.at);
  const { ref, width } = useWidth<HTMLElement>();
  const progress = useMemo(() => (run === null ? null : progressAt(run.timeline, at)), [run, at]);
  return (
    <section className="panel" aria-label="The ring" ref={ref}>
      {run !== null && progress !== null && width > 0 && (
        <RingPicture
          run={run}
          progress={progress}
          width={width}
          followed={followedChunk(run.plan, cell)}
          most={most}
        />
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
