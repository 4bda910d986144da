import { useMemo } from 'react';
import { progressAt } from '#lab/split/timeline.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { formatBytes } from '#ui/format.ts';
import { usePresenting } from '../../../shell/present.ts';
import { RingPicture } from '../../split/ring/RingPicture.tsx';
import { SplitScope } from '../../split/useSplit.ts';
import { type RingFound, ring } from '../chapters/ring.ts';
import { storySplits } from '../useStory.ts';
import { Computing, PlayedScrubber } from './ProductPicture.tsx';
import css from './picture.module.css';
import { isAsked, useChapter } from './useChapter.ts';

/** The ring of the run, and what rings of other sizes took. */
export function RingOfStory() {
  const { phase, found } = useChapter(ring);
  if (!isAsked(phase)) return <Computing />;
  return (
    <SplitScope value={storySplits}>
      <div className={css['product']}>
        <Turning />
        {found !== null && <PlayedScrubber />}
      </div>
      {found !== null && <Sizes found={found} />}
    </SplitScope>
  );
}

/** Its height on a slide of its own, which is enlarged: as low as it can be. */
const RING_OF_SLIDE = 1;

function Turning() {
  const room = usePresenting();
  const run = storySplits.use((state) => state.run);
  const at = storySplits.use((state) => state.at);
  const { ref, width } = useWidth<HTMLElement>();
  const progress = useMemo(() => (run === null ? null : progressAt(run.timeline, at)), [run, at]);
  return (
    <section className={`panel pad ${css['ring']}`} aria-label="The ring" ref={ref}>
      {run !== null && progress !== null && width > 0 && (
        <RingPicture run={run} progress={progress} width={width} {...(room && { most: RING_OF_SLIDE })} />
      )}
    </section>
  );
}

/** Each was run just now. */
function Sizes({ found }: { readonly found: RingFound }) {
  return (
    <ul className={`stack gap-2 unmarked ${css['sizes']}`} aria-label="Rings of other sizes">
      {found.rows.map(({ ranks, steps, bytes }) => (
        <li key={ranks}>
          <span>
            <b>{ranks} ranks</b> <span className="num">{steps} steps</span>
          </span>
          <span className="num">{formatBytes(bytes)} a rank</span>
        </li>
      ))}
    </ul>
  );
}
