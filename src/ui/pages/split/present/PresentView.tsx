import { type CSSProperties, useMemo } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import { progressAt } from '#lab/split/timeline.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { PresentPage } from '#ui/page/present/PresentPage.tsx';
import css from '#ui/page/present/present.module.css';
import { momentSentence } from '../moment.ts';
import { RingPicture } from '../ring/RingPicture.tsx';
import { whyStill } from '../ring/ringWords.ts';
import { followedChunk } from '../stage/follow.ts';
import { layoutWithin } from '../stage/layout.ts';
import { Stage } from '../stage/Stage.tsx';
import { momentOf, trackOf } from '../track.ts';
import { splitStore, useSplit } from '../useSplit.ts';
import { sentenceOf } from '../words.ts';

/** What the sentences, the scrubber and the keys leave for the pictures, and the share of it that the equation has. */
const HEIGHT = 440;
const WIDTH = 1240;
const BESIDE_RING = 7 / 12;
const MARGINS = 64;
/** The least that can be read from the last row. */
const LABEL = 20;
/** How far the equation is enlarged, with the words in it: as far as there is room. */
const ENLARGED = [1.4, 1.2, 1.1, 1] as const;
/** Likewise the ring, of so many ranks or fewer, and of more. */
const FEW = 4;
const RING_ENLARGED = { few: 1.4, many: 1.2 } as const;

function enlargedBy({ plan, params }: SplitRun, rings: boolean): number {
  const fits = (by: number): boolean => {
    const width = (WIDTH * (rings ? BESIDE_RING : 1)) / by - MARGINS;
    const room = { width, height: HEIGHT / by };
    const layout = layoutWithin(plan, params.stored, room, LABEL / by);
    return layout.width <= room.width + 1 && layout.height <= room.height;
  };
  return ENLARGED.find(fits) ?? 1;
}

/** The product for a room: stage, ring and sentence. */
export function PresentView() {
  const run = useSplit((state) => state.run);
  const rings = run !== null && whyStill(run) === null;
  const by = useMemo(() => (run === null ? 1 : enlargedBy(run, rings)), [run, rings]);
  const ringBy = RING_ENLARGED[(run?.plan.config.worldSize ?? 1) > FEW ? 'many' : 'few'];
  return (
    <PresentPage
      store={splitStore}
      title={run === null ? null : sentenceOf(run.plan).title}
      trackOf={trackOf}
      momentOf={momentOf}
      sentenceOf={momentSentence}
    >
      <div
        className={css['pictures']}
        data-ring={rings || undefined}
        style={{ '--by': by, '--ring-by': ringBy } as CSSProperties}
      >
        <Stage bare most={HEIGHT / by} label={LABEL / by} />
        {rings && <Ring most={HEIGHT / ringBy} label={LABEL / ringBy} />}
      </div>
    </PresentPage>
  );
}

function Ring({ most, label }: { readonly most: number; readonly label: number }) {
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
          label={label}
        />
      )}
    </section>
  );
}
