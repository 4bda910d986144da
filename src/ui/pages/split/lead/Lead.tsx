import { configOf } from '#lab/split/params.ts';
import { planSplit } from '#program/splitPlan.ts';
import { LeadText, LeadToCome } from '#ui/components/LeadText.tsx';
import { counted } from '#ui/components/words.ts';
import { useSplit } from '../useSplit.ts';
import { sentenceOf } from '../words.ts';

/** The sentence that says what happened. */
export function Lead() {
  const plan = useSplit((state) => state.run?.plan ?? null);
  return plan === null ? <BeforeTheFirstRun /> : <LeadText {...sentenceOf(plan)} />;
}

function BeforeTheFirstRun() {
  const params = useSplit((state) => state.params);
  const problem = useSplit((state) => state.problem);
  const computing = useSplit((state) => state.phase === 'running');
  const idle = useSplit((state) => state.phase === 'idle');
  if (problem !== null)
    return <LeadText title="This link asks for something that cannot run" body={[problem]} />;
  const under = `${computing ? 'Running' : 'Starting'} ${counted(params.ranks, 'rank')}`;
  return (
    <LeadToCome
      status={idle ? 'Nothing has run yet' : under}
      busy={!idle}
      sentence={sentenceOf(planSplit(configOf(params)))}
    />
  );
}
