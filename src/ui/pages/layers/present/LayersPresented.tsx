import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { LayerRun } from '#lab/layers/run.ts';
import { specOf } from '#lab/layers/spec.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { PresentPage } from '#ui/page/present/PresentPage.tsx';
import css from '#ui/page/present/present.module.css';
import { FlowPicture } from '../flow/FlowPicture.tsx';
import { RankNames } from '../flow/FlowView.tsx';
import { layoutFlow } from '../flow/layout.ts';
import { partedRanks, partingsOf } from '../flow/verdicts.ts';
import { sentenceOf } from '../lead/sentence.ts';
import { momentSentence } from '../moment.ts';
import { momentOf, trackOf } from '../track.ts';
import { layersStore, useLayers } from '../useLayers.ts';

/** As many lanes as have words of 20 px beside each other: of more ranks the first ones and the last. */
const MOST = 4;

/** The layer for a room: a window on its flow, at the moment, and the sentence. */
export function LayersPresented() {
  const run = useLayers((state) => state.run);
  return (
    <PresentPage
      store={layersStore}
      title={run === null ? null : sentenceOf(specOf(run.params).spec, run.plan, run.params).title}
      trackOf={trackOf}
      momentOf={momentOf}
      sentenceOf={momentSentence}
    >
      {run !== null && <Window run={run} />}
    </PresentPage>
  );
}

function Window({ run }: { readonly run: LayerRun }) {
  const at = useLayers((state) => state.at);
  const { ref, width } = useWidth<HTMLDivElement>();
  const { plan } = run;
  const shown = useMemo(() => shownRanks(plan.worldSize), [plan]);
  const layout = useMemo(() => (width === 0 ? null : layoutFlow(plan, width, shown)), [plan, width, shown]);
  const parted = useMemo(() => partedRanks(partingsOf(run)), [run]);
  const view = useRef<HTMLElement>(null);
  useMoment(view, at, layout);
  const left = plan.worldSize - shown.length;
  return (
    <div className={css['windowed']}>
      <section ref={view} className={`panel ${css['window']}`} aria-label="The flow">
        <div ref={ref}>
          {layout !== null && (
            <>
              <RankNames lanes={layout.lanes} />
              <FlowPicture
                {...{ plan, run, layout, parted, at }}
                selected={null}
                onSelect={() => undefined /* what is opened is for those who sit before it */}
              />
            </>
          )}
        </div>
      </section>
      {left > 0 && (
        <p className={css['others']}>
          {left === 1
            ? `Rank ${MOST - 1} stands between them, and works likewise.`
            : `Ranks ${MOST - 1} to ${plan.worldSize - 2} stand between them, and work likewise.`}
        </p>
      )}
    </div>
  );
}

function shownRanks(worldSize: number): number[] {
  const all = Array.from({ length: worldSize }, (_, rank) => rank);
  return worldSize <= MOST ? all : [...all.slice(0, MOST - 1), worldSize - 1];
}

/** Keeps the step that is shown in the middle of the window; at the end, what comes out. */
function useMoment(view: RefObject<HTMLElement | null>, at: number, layout: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new layout has put the step elsewhere
  useEffect(() => {
    const boxes = view.current?.querySelectorAll(`[data-step="${at}"] > button`) ?? [];
    const all = view.current?.querySelectorAll('[data-step] > button') ?? [];
    const box = boxes[0] ?? all[all.length - 1];
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    box?.scrollIntoView({ block: 'center', behavior: calm ? 'instant' : 'smooth' });
  }, [view, at, layout]);
}
