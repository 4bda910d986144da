import { configOf } from '../../../../lab/split/params.ts';
import { planSplit } from '../../../../math/splitPlan.ts';
import { useSplit } from '../useSplit.ts';
import { counted, type Phrase, type Sentence, sentenceOf } from '../words.ts';
import { useIdle } from './useIdle.ts';
import './lead.css';

/** The sentence that says what happened. */
export function Lead() {
  const plan = useSplit((state) => state.run?.plan ?? null);
  return plan === null ? <LeadToCome /> : <LeadText {...sentenceOf(plan)} />;
}

/** Before the first result: as large as the sentence that will stand here, so that nothing jumps. */
function LeadToCome() {
  const params = useSplit((state) => state.params);
  const problem = useSplit((state) => state.problem);
  const computing = useSplit((state) => state.phase === 'running');
  const idle = useIdle();
  if (problem !== null)
    return <LeadText title="This link asks for something that cannot run" body={[problem]} />;
  const { title, body } = sentenceOf(planSplit(configOf(params)));
  return (
    <div className="lead lead-to-come" aria-busy={!idle}>
      <h1>
        <span>
          {idle
            ? 'Nothing has run yet'
            : `${computing ? 'Running' : 'Starting'} ${counted(params.ranks, 'rank')}`}
        </span>
        <span aria-hidden="true">{title}</span>
      </h1>
      <p aria-hidden="true" data-busy={!idle}>
        <span>
          <Phrases body={body} />
        </span>
      </p>
    </div>
  );
}

function LeadText({ title, body }: Sentence) {
  return (
    <div className="lead">
      <h1>{title}</h1>
      <p>
        <Phrases body={body} />
      </p>
    </div>
  );
}

function Phrases({ body }: { readonly body: readonly Phrase[] }) {
  return body.map((phrase) =>
    typeof phrase === 'string' ? phrase : <strong key={phrase.strong}>{phrase.strong}</strong>,
  );
}
