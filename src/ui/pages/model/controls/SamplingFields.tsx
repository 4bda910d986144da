import { useId, useState } from 'react';
import { GREEDY_SAMPLING, recommendedOf, type SamplingField } from '#lab/model/state.ts';
import { Fold } from '#ui/components/Fold.tsx';
import fields from '#ui/components/fields.module.css';
import { Segmented } from '#ui/components/Options.tsx';
import { counted } from '#ui/components/words.ts';
import { PROBLEM_ID, useModel } from '../useModel.ts';
import css from './controls.module.css';

interface FieldWords {
  readonly field: SamplingField;
  readonly label: string;
  readonly hint: string;
}

const FIELDS: readonly FieldWords[] = [
  { field: 'temperature', label: 'Temperature', hint: '0: always the likeliest' },
  { field: 'topK', label: 'Top-k', hint: 'only the k likeliest; 0: all' },
  { field: 'topP', label: 'Top-p', hint: 'only the likeliest that make up p' },
  { field: 'minP', label: 'Min-p', hint: 'only those p as likely as the first' },
  { field: 'repetitionPenalty', label: 'Repetition penalty', hint: '1: none' },
  { field: 'seed', label: 'Seed', hint: 'of the draws' },
];

/** How the next token is drawn: always the likeliest, or as its makers recommend, or by hand. */
export function SamplingFields() {
  const sampling = useModel((state) => state.params.sampling);
  const change = useModel((state) => state.change);
  const changed = Object.keys(sampling).length;
  const isGreedy = sampling.temperature === 0;
  return (
    <>
      <Segmented
        label="Next token"
        value={isGreedy ? 'greedy' : 'drawn'}
        options={[
          { value: 'drawn', label: 'Drawn' },
          { value: 'greedy', label: 'Likeliest' },
        ]}
        onChange={(value) => change({ sampling: value === 'greedy' ? GREEDY_SAMPLING : {} })}
      />
      <Fold title="How it is drawn" changed={changed > 0 ? counted(changed, 'change') : ''}>
        {FIELDS.map((words) => (
          <NumberField key={words.field} {...words} />
        ))}
        <StopWords />
        {changed > 0 && (
          <button type="button" className="ghost" onClick={() => change({ sampling: {} })}>
            As the model’s makers recommend
          </button>
        )}
      </Fold>
    </>
  );
}

/** A number that the model recommends, unless one is typed. */
function NumberField({ field, label, hint }: FieldWords) {
  const id = useId();
  const sampling = useModel((state) => state.params.sampling);
  const recommended = useModel((state) => recommendedOf(state, field));
  const wrong = useModel((state) => state.problem !== null);
  const change = useModel((state) => state.change);
  const [draft, setDraft] = useState<string | null>(null);
  const own = sampling[field];
  const type = (text: string): void => {
    setDraft(text);
    const { [field]: _, ...others } = sampling;
    change({ sampling: text.trim() === '' ? others : { ...others, [field]: Number(text) } });
  };
  return (
    <div className={fields['size-field']}>
      <label htmlFor={id}>
        {label} <small>{hint}</small>
      </label>
      <input
        id={id}
        className="num"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={wrong ? PROBLEM_ID : undefined}
        placeholder={String(recommended)}
        value={draft ?? (own === undefined ? '' : Number.isNaN(own) ? '' : String(own))}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(null)}
      />
    </div>
  );
}

/** Words that end the text, one a line. */
function StopWords() {
  const id = useId();
  const words = useModel((state) => state.params.stopWords);
  const change = useModel((state) => state.change);
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <div className={fields['above']}>
      <label htmlFor={id}>Stop words, one a line</label>
      <textarea
        id={id}
        className={`${fields['text']} ${css['stop-words']}`}
        rows={2}
        spellCheck={false}
        value={draft ?? words.join('\n')}
        onChange={(event) => {
          setDraft(event.target.value);
          change({ stopWords: event.target.value.split('\n').filter((word) => word !== '') });
        }}
        onBlur={() => setDraft(null)}
      />
    </div>
  );
}
