import { useMemo } from 'react';
import type { SplitPlan } from '#program/splitPlan.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { useSplit } from '../useSplit.ts';
import { scaleNote } from './captions.ts';
import { Figure } from './Figure.tsx';
import { layoutOf, layoutWithin } from './layout.ts';
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
}

/** The equation to proportion, and the numbers behind the cell that is pointed at. */
export function Stage({ still = false, bare = false, most = null }: StageProps) {
  const run = useSplit((state) => state.run);
  const stored = useSplit((state) => state.params.stored);
  const { ref, width } = useWidth<HTMLElement>();
  const layout = useMemo(() => {
    if (run === null || width === 0) return null;
    return most === null
      ? layoutOf(run.plan, stored, width)
      : layoutWithin(run.plan, stored, { width, height: most });
  }, [run, stored, width, most]);
  // Two plans are made for it: in a turn of its own, so that the picture need not wait.
  const pair = useInTurn(run !== null && isPair(run.plan) ? run.plan : null);
  const note = run === null || layout === null ? '' : scaleNote(run, layout);
  const figure = (
    <ScrollRegion ref={ref} className={css['stage']} label="The equation">
      {run !== null && layout !== null && <Figure run={run} layout={layout} still={still} />}
    </ScrollRegion>
  );
  if (bare) return <section className="panel">{figure}</section>;
  return (
    <Panel title="The product" hint="every cell in the colour of the rank that holds it">
      {figure}
      {pair !== null && !still && <PairStrip plan={pair} />}
      {run !== null && !still && <ProbeReadout run={run} blocks={run.ranks[0]?.output.exact === false} />}
      {note !== '' && <p className={css['scale']}>{note}</p>}
    </Panel>
  );
}

function isPair({ config }: SplitPlan): boolean {
  return config.split === 'pair' && config.worldSize > 1;
}
