import './chips.css';

interface ChipsProps<T> {
  readonly label: string;
  readonly values: readonly T[];
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly disabled?: string | undefined;
  }[];
  /** Equal widths in one line. */
  readonly even?: boolean;
  /** In the order of the options. */
  readonly onChange: (values: T[]) => void;
}

/** Several of a few: check boxes that look like what they choose. */
export function Chips<T extends string | number>({ label, values, options, even, onChange }: ChipsProps<T>) {
  const toggle = (value: T, on: boolean) => {
    const chosen = new Set(on ? [...values, value] : values.filter((one) => one !== value));
    onChange(options.map((option) => option.value).filter((one) => chosen.has(one)));
  };
  return (
    <fieldset className="chips">
      <legend>{label}</legend>
      <div className="chips-options" data-even={even}>
        {options.map((option) => (
          <label key={option.value} title={option.disabled}>
            <input
              type="checkbox"
              checked={values.includes(option.value)}
              disabled={option.disabled !== undefined}
              onChange={(event) => toggle(option.value, event.target.checked)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
