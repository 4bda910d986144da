import { type ComponentProps, useId } from 'react';
import css from './options.module.css';

interface Option<T> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen; absent where it can. */
  readonly disabled?: string | undefined;
}

interface Common<T> {
  readonly label: string;
  readonly options: readonly Option<T>[];
}

interface OneOf<T> extends Common<T> {
  readonly value: T;
  readonly onChange: (value: T) => void;
}

interface SegmentedProps<T> extends OneOf<T> {
  /** In the head of a panel: lower, and with a label for those alone who do not see what it belongs to. */
  readonly inHead?: boolean;
}

/** One of a few: a radio group, so that the arrow keys choose. */
export function Segmented<T extends string | number>({ inHead = false, ...of }: SegmentedProps<T>) {
  return <Radios look={inHead ? 'segments-in-head' : 'segments'} {...of} />;
}

/** One of several, each in a line of its own. */
export function OptionList<T extends string | number>(of: OneOf<T>) {
  return <Radios look="list" {...of} />;
}

interface SeveralOf<T> extends Common<T> {
  readonly values: readonly T[];
  /** Equal widths in one line. */
  readonly even?: boolean;
  /** In the order of the options. */
  readonly onChange: (values: T[]) => void;
}

/** Several of a few: check boxes that look like what they choose. */
export function Chips<T extends string | number>({
  label,
  values,
  options,
  even = false,
  onChange,
}: SeveralOf<T>) {
  const toggle = (value: T, on: boolean) => {
    const chosen = new Set(on ? [...values, value] : values.filter((one) => one !== value));
    onChange(options.map((option) => option.value).filter((one) => chosen.has(one)));
  };
  return (
    <Boxes
      label={label}
      look={even ? 'even-chips' : 'chips'}
      options={options}
      inputOf={(value) => ({
        type: 'checkbox',
        checked: values.includes(value),
        onChange: (event) => toggle(value, event.target.checked),
      })}
    />
  );
}

function Radios<T extends string | number>({ value, onChange, ...of }: OneOf<T> & { readonly look: string }) {
  const name = useId();
  return (
    <Boxes
      {...of}
      inputOf={(option) => ({
        type: 'radio',
        name,
        checked: option === value,
        onChange: () => onChange(option),
      })}
    />
  );
}

interface BoxesProps<T> extends Common<T> {
  readonly look: string;
  /** Of the input of an option, which lies unseen over its words. */
  readonly inputOf: (value: T) => ComponentProps<'input'>;
}

function Boxes<T extends string | number>({ label, options, look, inputOf }: BoxesProps<T>) {
  return (
    <fieldset className={css['options']} data-look={look}>
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} title={option.disabled}>
            <input {...inputOf(option.value)} disabled={option.disabled !== undefined} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
