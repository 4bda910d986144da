import { useMemo } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { useSplit } from '../useSplit.ts';
import { scaleNote } from './captions.ts';
import { Figure } from './Figure.tsx';
import { layoutOf, layoutWithin, type StageLayout } from './layout.ts';
import { PairStrip } from './PairStrip.tsx';
import { ProbeReadout } from './ProbeReadout.tsx';
import css from './stage.module.css';

interface StageProps {
  /** Nothing can be pointed at: a question stands beside it, whose answer would be found there. */
  readonly still?: boolean;
  /** Nothing but the equation. */
  readonly bare?: boolean;
  /** The equation is to be no higher than so many pixels. */
  readonly most?: number | null;
  /** Pixels of a word in it. */
  readonly label?: number | undefined;
}

/** The equation to proportion, and the numbers behind the cell that is pointed at. */
export function Stage({ still = false, bare = false, most = null, label }: StageProps) {
  const run = useSplit((state) => state.run);
  const stored = useSplit((state) => state.params.stored);
  const { ref, width } = useWidth<HTMLElement>();
  const layout = useMemo(() => {
    if (run === null || width === 0) return null;
    return most === null
      ? layoutOf(run.plan, stored, width, label)
      : layoutWithin(run.plan, stored, { width, height: most }, label);
  }, [run, stored, width, most, label]);
  const figure = (
    <ScrollRegion ref={ref} className={css['stage']} label="The equation">
      {run !== null && layout !== null && <Figure run={run} layout={layout} still={still} />}
    </ScrollRegion>
  );
  if (bare) return <section className="panel">{figure}</section>;
  return (
    <Panel title="The product" hint="every cell in the colour of the rank that holds it">
      {figure}
      {run !== null && <StageFoot run={run} layout={layout} still={still} />}
    </Panel>
  );
}

interface StageFootProps {
  readonly run: SplitRun;
  readonly layout: StageLayout | null;
  readonly still?: boolean;
}

/** Below the matrices: the numbers behind the cell that is pointed at, and how the picture is read. */
export function StageFoot({ run, layout, still = false }: StageFootProps) {
  // Two plans are made for it: in a turn of its own, so that the picture need not wait.
  const pair = useInTurn(isPair(run.plan) ? run.plan : null);
  const note = layout === null ? '' : scaleNote(run, layout);
  return (
    <>
      {pair !== null && !still && <PairStrip plan={pair} />}
      {!still && <ProbeReadout run={run} blocks={run.ranks[0]?.output.exact === false} />}
      {note !== '' && <p className={css['scale']}>{note}</p>}
    </>
  );
}

function isPair({ config }: SplitPlan): boolean {
  return config.split === 'pair' && config.worldSize > 1;
}
