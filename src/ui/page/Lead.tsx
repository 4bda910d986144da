import type { ReactNode } from 'react';
import { useDelayed } from '#ui/components/inTime.ts';
import { useClaim, Words } from '#ui/components/term/Defined.tsx';
import { type TermId, termsIn } from '#ui/components/term/glossary.ts';
import { TextParts } from '#ui/components/term/Term.tsx';
import type { Phrase, Sentence } from '#ui/components/words.ts';
import css from './lead.module.css';

interface WhyProps {
  readonly text: string;
  /** Behind it, for who is here for the first time. */
  readonly children?: ReactNode;
}

/** Above the sentence: why any of this is done, in a fixed line. */
export function Why({ text, children }: WhyProps) {
  return (
    <p className={css['why']}>
      <Words text={text} />
      {children}
    </p>
  );
}

/** The sentence at the head of a page. */
export function LeadText({ title, body }: Sentence) {
  return (
    <div className={css['lead']} data-part="lead">
      <h1>
        <Title title={title} body={body} />
      </h1>
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
    <div className={`${css['lead']} ${css['to-come']}`} data-part="lead" aria-busy={busy}>
      <h1>
        <span>{status}</span>
        <span aria-hidden="true">{sentence.title}</span>
      </h1>
      <p aria-hidden="true" data-busy={busy}>
        <span>
          {sentence.body.map((phrase, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: two figures of a sentence may be the same
            typeof phrase === 'string' ? phrase : <strong key={index}>{phrase.strong}</strong>,
          )}
        </span>
      </p>
    </div>
  );
}

/** What the sentence below has too is defined there, in smaller letters. */
function Title({ title, body }: Sentence) {
  const below = new Set<TermId>();
  for (const phrase of body) termsIn(textOf(phrase), below);
  const stretches = termsIn(title, below);
  useClaim(stretches);
  return <TextParts of={stretches} />;
}

/** Terms are defined where the sentence first has them. */
function Phrases({ body }: { readonly body: readonly Phrase[] }) {
  const known = new Set<TermId>();
  const parts = body.map((phrase) => termsIn(textOf(phrase), known));
  useClaim(parts.flat());
  return body.map((phrase, index) =>
    typeof phrase === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the phrases of a sentence never change places
      <TextParts key={index} of={parts[index] ?? []} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: nor are they told apart by what they say, which may be the same
      <strong key={index}>
        <TextParts of={parts[index] ?? []} />
      </strong>
    ),
  );
}

function textOf(phrase: Phrase): string {
  return typeof phrase === 'string' ? phrase : phrase.strong;
}

/** A verdict in a line: whether all is right, and why. */
export interface Said {
  /** Null: nothing was wrong, and not all of it could be looked at. */
  readonly pass: boolean | null;
  readonly text: string;
}

interface ProofProps extends Said {
  /** How it was checked, on demand. */
  readonly children: ReactNode;
}

/** The check of the run that is shown. */
export function Proof({ pass, text, children }: ProofProps) {
  return (
    <details className={css['proof']} data-pass={pass ?? 'part'}>
      <summary className="unmarked">
        <span aria-hidden="true">{pass === null ? '◐' : pass ? '✓' : '✗'}</span> {text}
      </summary>
      <div className={css['proof-details']}>{children}</div>
    </details>
  );
}

/** Takes the room of the check to come. */
export function ProofToCome({ busy }: { readonly busy: boolean }) {
  return <div className={`${css['proof']} ${css['proof-to-come']}`} data-busy={busy} aria-hidden="true" />;
}

/** A run shorter than this leaves no trace but its result. */
const QUIET_MS = 300;

interface RunStatusProps {
  readonly busy: boolean;
  readonly onStop: () => void;
  /** What is under way. */
  readonly children: ReactNode;
}

/** What is under way, once it takes long enough to be noticed, and a way to stop it. */
export function RunStatus({ busy, onStop, children }: RunStatusProps) {
  const shown = useDelayed(busy, QUIET_MS);
  return (
    <div className={css['run-status']} role="status">
      {shown && (
        <>
          <span className={css['run-progress']} aria-hidden="true" />
          <span>{children}</span>
          <button type="button" className="ghost" onClick={onStop}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}
