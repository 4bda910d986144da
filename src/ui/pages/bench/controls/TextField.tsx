import { useId, useState } from 'react';
import { messageOf } from '#base/errors.ts';
import fields from '#ui/components/fields.module.css';
import { useBench } from '../useBench.ts';
import type { TypedOption } from './textFields.ts';

/** What is typed is taken as soon as it can be read; until then it stays as typed, with what is wrong. */
export function TextField({ field }: { readonly field: TypedOption }) {
  const id = useId();
  const options = useBench((state) => state.options);
  const change = useBench((state) => state.change);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const type = (text: string) => {
    setDraft(text);
    try {
      change(field.read(text));
      setProblem(null);
    } catch (thrown) {
      setProblem(messageOf(thrown));
    }
  };
  const leave = () => {
    if (problem === null) setDraft(null);
  };
  return (
    <div className={fields['above']}>
      <label htmlFor={id}>{field.label}</label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellCheck={false}
        className={`num ${fields['text']}`}
        value={draft ?? field.write(options)}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-note`}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
      />
      <p id={`${id}-note`} className={fields['field-note']} data-wrong={problem !== null || undefined}>
        {problem ?? field.hint}
      </p>
    </div>
  );
}
