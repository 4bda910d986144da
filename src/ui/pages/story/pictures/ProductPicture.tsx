import { useEffect } from 'react';
import { useMediaQuery } from '#ui/components/onScreen.ts';
import { RunScrubber } from '#ui/page/RunScrubber.tsx';
import { usePresenting } from '../../../shell/present.ts';
import { momentSentence } from '../../split/moment.ts';
import { Stage } from '../../split/stage/Stage.tsx';
import { momentOf, trackOf } from '../../split/track.ts';
import { SplitScope } from '../../split/useSplit.ts';
import { storySplits, useStory } from '../useStory.ts';
import css from './picture.module.css';
import { isAsked } from './useChapter.ts';

/** What a question leaves of the height: the larger the cells, the farther off they are seen. */
const STAGE = 440;
/** Likewise on a slide of its own, which is enlarged. */
const STAGE_OF_SLIDE = 225;

/** The product on the stage: still while it is asked about, and with its scrubber once the ranks have answered. */
export function ProductPicture() {
  const phase = useStory((state) => state.phase);
  const room = usePresenting();
  const wide = useMediaQuery('(min-width: 901px)');
  if (!isAsked(phase)) return <Computing />;
  const answered = phase === 'answered';
  const most = room ? STAGE_OF_SLIDE : answered || !wide ? null : STAGE;
  return (
    <SplitScope value={storySplits}>
      <div className={css['product']}>
        <Stage still={!answered} bare={room} most={most} />
        {answered && <PlayedScrubber />}
      </div>
    </SplitScope>
  );
}

/** Plays the run once; where motion is unwelcome it stands at its end. */
export function PlayedScrubber() {
  const play = storySplits.use((state) => state.play);
  const seek = storySplits.use((state) => state.seek);
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) seek(Number.MAX_SAFE_INTEGER);
    else play();
  }, [play, seek]);
  return (
    <RunScrubber store={storySplits} trackOf={trackOf} momentOf={momentOf} sentenceOf={momentSentence} />
  );
}

export function Computing() {
  const phase = useStory((state) => state.phase);
  return (
    <div className={`panel stack gap-3 ink2 ${css['computing']}`}>
      {phase !== 'failed' && <span className={css['turning']} aria-hidden="true" />}
      <p>{phase === 'failed' ? 'There is nothing to draw.' : 'The ranks compute …'}</p>
    </div>
  );
}
