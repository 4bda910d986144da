import { type ReactNode, useId, useState } from 'react';
import css from './fields.module.css';

interface SizeFieldProps {
  /** What is read first: the letter of a formula, or the name. */
  readonly name: string;
  /** The rest of the label; empty where the name says it all. */
  readonly meaning?: string;
  /** For assistive technology: "M, rows of X". */
  readonly spoken: string;
  /** NaN where something is typed that is no number. */
  readonly value: number;
  readonly min: number;
  /** What the box takes, and what the slider reaches; null: there is none, and the arrow keys count in the box. */
  readonly max: number;
  readonly sliderMax: number | null;
  readonly step?: number;
  /** Any number, and not whole ones alone. */
  readonly fraction?: boolean;
  /** The element that says what is wrong with a value that is not legal. */
  readonly problemId: string;
  readonly onChange: (value: number) => void;
}

/** A whole number: a slider for the usual ones, and a box that takes any. */
export function SizeField(props: SizeFieldProps) {
  const { name, meaning, spoken, value, min, sliderMax, max, step = 1, problemId, onChange } = props;
  const { fraction = false } = props;
  const id = useId();
  // What is being typed stays as typed ("", "12a"), so that it can be corrected.
  const [draft, setDraft] = useState<string | null>(null);
  const legal = (fraction || Number.isInteger(value)) && value >= min && value <= max;
  const count = (by: number) => {
    setDraft(null);
    onChange(Math.min(max, Math.max(min, (Number.isNaN(value) ? min : value) + by)));
  };
  const type = (text: string) => {
    setDraft(text);
    onChange(text.trim() === '' ? Number.NaN : Number(text));
  };
  return (
    <div className={css['size-field']}>
      <label htmlFor={id}>
        <b>{name}</b> {meaning}
      </label>
      <input
        id={sliderMax === null ? id : undefined}
        type="text"
        inputMode={fraction ? 'decimal' : 'numeric'}
        autoComplete="off"
        className="num"
        aria-label={`${spoken}: any ${fraction ? '' : 'whole '}number up to ${max}`}
        aria-invalid={!legal}
        aria-describedby={legal ? undefined : problemId}
        value={draft ?? (Number.isNaN(value) ? '' : String(value))}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => {
          if (sliderMax !== null || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
          event.preventDefault();
          count(event.key === 'ArrowUp' ? step : -step);
        }}
      />
      {sliderMax !== null && (
        <input
          id={id}
          type="range"
          min={min}
          max={sliderMax}
          step={step}
          value={legal ? Math.min(value, sliderMax) : min}
          aria-valuetext={legal ? String(value) : 'not a legal size'}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      )}
    </div>
  );
}

interface SwitchProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Why it cannot be switched; absent where it can. */
  readonly disabled?: string | undefined;
}

export function Switch({ label, checked, onChange, disabled }: SwitchProps) {
  return (
    <label className={css['switch']} title={disabled}>
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled !== undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}
