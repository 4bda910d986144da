import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { PictureRun } from '#lab/layers/run.ts';
import type { LayerPlan } from '#program/plan.ts';
import { Segmented } from '#ui/components/Options.tsx';
import { useWidth } from '#ui/components/onScreen.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { useLayers, useOpenedRank } from '../useLayers.ts';
import { FlowKey } from './FlowKey.tsx';
import { FlowPicture } from './FlowPicture.tsx';
import css from './flow.module.css';
import { layoutFlow } from './layout.ts';
import { partedRanks, partingsOf, partingText } from './verdicts.ts';

/** Below this width one rank is drawn at a time, unless all are asked for. */
const NARROW = 560;
/** More would bury the picture; the panel of the verdict has them all. */
const MOST_PARTINGS = 6;

interface FlowViewProps {
  readonly plan: LayerPlan;
  /** Of this plan; null before it. */
  readonly run: PictureRun | null;
  /** As FlowPicture has them. */
  readonly at: number;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** A layer from its input to its output, rank beside rank: operations, tensors to proportion, collectives. */
export function FlowView({ plan, run, at, selected, onSelect }: FlowViewProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { rank, choose } = useOpenedRank();
  const [all, setAll] = useState(false);
  const narrow = width > 0 && width < NARROW && plan.worldSize > 1;
  const one = Math.min(rank, plan.worldSize - 1);
  const shown = narrow && !all ? one : null;
  const layout = useMemo(() => {
    if (width === 0) return null;
    const ranks = Array.from({ length: plan.worldSize }, (_, index) => index);
    return layoutFlow(plan, width, shown === null ? ranks : [shown]);
  }, [plan, width, shown]);
  const partings = useMemo(() => (run === null ? [] : partingsOf(run)), [run]);
  const parted = useMemo(() => partedRanks(partings), [partings]);
  const sums = run?.verdict.sums ?? [];
  return (
    <Panel title="The flow" hint="height is data, colour is the owner, a band is a collective">
      <div ref={ref} className={css['flow']}>
        {narrow && (
          <div className={css['picker']}>
            <Segmented
              label="Rank"
              value={all ? -1 : one}
              options={[
                ...Array.from({ length: plan.worldSize }, (_, index) => ({
                  value: index,
                  label: `${index}`,
                })),
                { value: -1, label: 'All' },
              ]}
              onChange={(value) => {
                setAll(value === -1);
                if (value >= 0) choose(value);
              }}
            />
          </div>
        )}
        {(partings.length > 0 || sums.length > 0) && (
          <ul className={`bad small unmarked ${css['partings']}`}>
            {[...partings.slice(0, MOST_PARTINGS).map(partingText), ...sums].map((text) => (
              <li key={text}>✗ {text}</li>
            ))}
            {partings.length > MOST_PARTINGS && <li>and {partings.length - MOST_PARTINGS} more steps</li>}
          </ul>
        )}
        {layout !== null && (
          <Room scrolls={layout.width > width}>
            <RankNames lanes={layout.lanes} />
            <FlowPicture {...{ plan, run, layout, parted, at, selected, onSelect }} />
          </Room>
        )}
      </div>
      <FlowKey ranks={plan.worldSize} />
    </Panel>
  );
}

interface RoomProps {
  readonly scrolls: boolean;
  readonly children: ReactNode;
}

/** One element whether or not there is room for all of it: a box keeps the focus, though the picture gets narrower. */
function Room({ scrolls, children }: RoomProps) {
  return (
    <section
      className={scrolls ? 'scroll-x' : undefined}
      aria-label={scrolls ? 'The flow of all ranks, scrolls sideways' : undefined}
      tabIndex={scrolls ? 0 : undefined}
    >
      {children}
    </section>
  );
}

/** Above the lanes, and in sight as long as these are. */
export function RankNames({ lanes }: { readonly lanes: ReturnType<typeof layoutFlow>['lanes'] }) {
  return (
    <div className={css['names']} aria-hidden="true">
      {lanes.map(({ rank, x, width }) => (
        <span key={rank} data-rank={rank} style={{ left: x, width }}>
          rank {rank}
        </span>
      ))}
    </div>
  );
}

/** The run of the Layers page as a picture, at the scrubber's moment. */
export function Flow() {
  // Hundreds of boxes, after what is nearer to the hand; and in pieces, so that none of it holds up the page.
  const run = useDeferredValue(useLayers((state) => state.run));
  const planned = useDeferredValue(useLayers((state) => state.plan));
  const at = useLayers((state) => state.at);
  const selected = useLayers((state) => state.selected);
  const select = useLayers((state) => state.select);
  return <FlowView plan={run?.plan ?? planned} run={run} at={at} selected={selected} onSelect={select} />;
}
