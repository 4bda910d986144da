import { DEFAULT_PARAMS, EFFICIENCIES, OWN } from '#lab/plan/params.ts';
import { Fold } from '#ui/components/Fold.tsx';
import fields from '#ui/components/fields.module.css';
import { ProblemText } from '#ui/page/RunFields.tsx';
import { PROBLEM_ID, usePlan } from '../usePlan.ts';
import { LoadFields } from './LoadFields.tsx';
import { MachineFields } from './MachineFields.tsx';
import { ModelField } from './ModelField.tsx';
import { NumberField } from './NumberField.tsx';
import { OwnGpu } from './OwnGpu.tsx';

/** Everything a visitor can ask. All of it takes effect at once. */
export function PlanControls() {
  const problem = usePlan((state) => state.problem);
  const hasAnswer = usePlan((state) => state.answer !== null);
  const isOwn = usePlan((state) => state.params.gpu === OWN);
  return (
    <>
      <ProblemText
        id={PROBLEM_ID}
        problem={problem}
        hasRun={hasAnswer}
        rest="The page still shows the last answer."
      />
      <ModelField />
      <MachineFields />
      {isOwn && <OwnGpu />}
      <LoadFields />
      <Constants />
    </>
  );
}

/** The shares of the peaks, and what a layer takes: predictions stand on them. */
function Constants() {
  const isChanged = usePlan(({ params }) =>
    EFFICIENCIES.some(({ path }) => params[path] !== DEFAULT_PARAMS[path]),
  );
  const change = usePlan((state) => state.change);
  const { reads, computes, layer } = DEFAULT_PARAMS;
  return (
    <Fold title="Constants" changed={isChanged ? 'changed' : ''}>
      <div className={fields['sizes']}>
        {EFFICIENCIES.map((definition) => (
          <NumberField key={definition.path} definition={definition} />
        ))}
      </div>
      {isChanged && (
        <button type="button" className="ghost" onClick={() => change({ reads, computes, layer })}>
          As they were published
        </button>
      )}
    </Fold>
  );
}
