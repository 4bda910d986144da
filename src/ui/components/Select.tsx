import { useId } from 'react';
import css from './fields.module.css';

interface SelectProps<T> {
  /** What it is called by those who do not see what stands beside it; left out where a label has its id. */
  readonly label?: string;
  readonly id?: string | undefined;
  /** The id of what describes it. */
  readonly describedBy?: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** Options that are shown: thousands take long to make, and nobody would look through them. */
const MOST = 300;

/** A list to choose one from. */
export function Select<T extends string | number>(props: SelectProps<T>) {
  const { label, id, describedBy, value, options, onChange } = props;
  const some = options.filter((option, i) => i < MOST || option.value === value);
  return (
    <select
      id={id}
      className={css['select']}
      aria-label={label}
      aria-describedby={describedBy}
      value={value}
      onChange={({ target }) => {
        const chosen = some.find((option) => String(option.value) === target.value);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {some.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** With its label before it, for a row or a column of them. */
export function LabelledSelect<T extends string | number>({
  label,
  ...select
}: SelectProps<T> & { readonly label: string }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <Select {...select} id={id} />
    </div>
  );
}
