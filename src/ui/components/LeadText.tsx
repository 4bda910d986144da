import type { Phrase, Sentence } from './words.ts';
import './lead.css';

/** The sentence at the head of a page. */
export function LeadText({ title, body }: Sentence) {
  return (
    <div className="lead">
      <h1>{title}</h1>
      <p>
        <Phrases body={body} />
      </p>
    </div>
  );
}

interface LeadToComeProps {
  /** "Starting 4 ranks" */
  readonly status: string;
  /** Whether it is on its way. */
  readonly busy: boolean;
  readonly sentence: Sentence;
}

/** Before the first result: as large as the sentence that will stand here, so that nothing jumps. */
export function LeadToCome({ status, busy, sentence }: LeadToComeProps) {
  return (
    <div className="lead lead-to-come" aria-busy={busy}>
      <h1>
        <span>{status}</span>
        <span aria-hidden="true">{sentence.title}</span>
      </h1>
      <p aria-hidden="true" data-busy={busy}>
        <span>
          <Phrases body={sentence.body} />
        </span>
      </p>
    </div>
  );
}

function Phrases({ body }: { readonly body: readonly Phrase[] }) {
  return body.map((phrase) =>
    typeof phrase === 'string' ? phrase : <strong key={phrase.strong}>{phrase.strong}</strong>,
  );
}
