import { specOf } from '#lab/layers/params.ts';
import { LeadText, LeadToCome } from '#ui/components/LeadText.tsx';
import { counted } from '#ui/components/words.ts';
import { useLayers } from '../useLayers.ts';
import { sentenceOf } from './sentence.ts';

/** The sentence that says what happened. */
export function LayersLead() {
  const run = useLayers((state) => state.run);
  return run === null ? <BeforeTheFirstRun /> : <LeadText {...sentenceOf(run.spec, run.plan, run.params)} />;
}

function BeforeTheFirstRun() {
  const params = useLayers((state) => state.params);
  const plan = useLayers((state) => state.plan);
  const problem = useLayers((state) => state.problem);
  const phase = useLayers((state) => state.phase);
  if (problem !== null)
    return <LeadText title="This link asks for something that cannot run" body={[problem]} />;
  const under = `${phase === 'running' ? 'Running' : 'Starting'} ${counted(params.ranks, 'rank')}`;
  return (
    <LeadToCome
      status={phase === 'idle' ? 'Nothing has run yet' : under}
      busy={phase !== 'idle'}
      sentence={sentenceOf(specOf(params).spec, plan, params)}
    />
  );
}
