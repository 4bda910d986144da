import { useId, useState } from 'react';
import { MAX_SIZE, SLIDER_MAX } from '../../../../lab/split/params.ts';
import { PROBLEM_ID } from '../Problem.tsx';

interface SizeFieldProps {
  readonly letter: string;
  readonly meaning: string;
  /** NaN where something is typed that is no number. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A matrix side: a slider for sizes that are drawn cell by cell, and a box that takes any. */
export function SizeField({ letter, meaning, value, onChange }: SizeFieldProps) {
  const id = useId();
  // What is being typed stays as typed ("", "12a"), so that it can be corrected.
  const [draft, setDraft] = useState<string | null>(null);
  const legal = Number.isInteger(value) && value >= 1 && value <= MAX_SIZE;
  const type = (text: string) => {
    setDraft(text);
    onChange(text.trim() === '' ? Number.NaN : Number(text));
  };
  return (
    <div className="size-field">
      <label htmlFor={id}>
        <b>{letter}</b> {meaning}
      </label>
      <input
        type="text"
        inputMode="numeric"
        autoComplete="off"
        className="num"
        aria-label={`${letter}, ${meaning}: any whole number up to ${MAX_SIZE}`}
        aria-invalid={!legal}
        aria-describedby={legal ? undefined : PROBLEM_ID}
        value={draft ?? (Number.isNaN(value) ? '' : String(value))}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(null)}
      />
      <input
        id={id}
        type="range"
        min={1}
        max={SLIDER_MAX}
        value={legal ? Math.min(value, SLIDER_MAX) : 1}
        aria-valuetext={legal ? String(value) : 'not a legal size'}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}
