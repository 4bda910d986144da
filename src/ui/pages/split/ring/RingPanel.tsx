import { useMemo } from 'react';
import { progressAt } from '#lab/split/timeline.ts';
import { useWidth } from '#ui/components/onScreen.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { followedChunk } from '../stage/follow.ts';
import { useSplit } from '../useSplit.ts';
import { RingPicture } from './RingPicture.tsx';
import { RingStill } from './RingStill.tsx';
import css from './ring.module.css';
import { exampleOf, whyStill } from './ringWords.ts';
import { StepTable } from './StepTable.tsx';

/** The ranks on their circle: which chunk goes where in the step that the scrubber stands on. */
export function RingPanel() {
  const run = useSplit((state) => state.run);
  const at = useSplit((state) => state.at);
  const step = run === null ? undefined : progressAt(run.timeline, at).moment.ringStep;
  const steps = step === undefined ? [] : (run?.ringSteps[step] ?? []);
  const rings = run === null || whyStill(run) === null;
  return (
    <Panel title="The ring" hint={rings ? exampleOf(steps[0], (step ?? 0) + 1) : 'no collective in this run'}>
      <RingBody />
    </Panel>
  );
}

/** @param folded its numbers fold away */
export function RingBody({ folded = false }: { readonly folded?: boolean }) {
  const run = useSplit((state) => state.run);
  const at = useSplit((state) => state.at);
  const cell = useSplit((state) => state.selected);
  const { ref, width } = useWidth<HTMLDivElement>();
  const progress = useMemo(() => (run === null ? null : progressAt(run.timeline, at)), [run, at]);
  const still = run === null ? null : whyStill(run);
  const followed = run === null ? null : followedChunk(run.plan, cell);
  const ringStep = progress?.moment.ringStep;
  const steps = ringStep === undefined ? [] : (run?.ringSteps[ringStep] ?? []);
  return (
    <>
      <div ref={ref} className={css['ring']}>
        {run !== null && progress !== null && width > 0 && still === null && (
          <RingPicture run={run} progress={progress} width={width} followed={followed} />
        )}
        {run !== null && still !== null && <RingStill ranks={run.plan.config.worldSize} why={still} />}
      </div>
      {run !== null && still === null && (
        <p className="faint pad-below">
          <Defined
            text={
              run.plan.collective?.kind === 'all_reduce'
                ? 'Each square is a chunk of Y; its number says how many ranks’ terms are in it. Adding them up is a reduce-scatter, handing the sums round an all-gather.'
                : 'Each square is one rank’s columns of Y; a tick says that the rank has them.'
            }
          />
          {followed !== null &&
            ` Outlined: chunk ${followed}, in which Y[${cell?.row}, ${cell?.col}] travels.`}
        </p>
      )}
      {still === null && <StepTable steps={steps} open={!folded} />}
    </>
  );
}
