import { useId } from 'react';
import './segmented.css';

interface Option<T> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen; absent where it can. */
  readonly disabled?: string | undefined;
}

interface SegmentedProps<T> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}

/** One of a few: a radio group, so that the arrow keys choose. */
export function Segmented<T extends string | number>({ label, value, options, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className="segmented">
      <legend>{label}</legend>
      <div className="segmented-options">
        {options.map((option) => (
          <label key={option.value} title={option.disabled}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={option.disabled !== undefined}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
