interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** A labelled list to choose one from. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="whatif-choice">
      <span>{label}</span>
      <select className="bench-select" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
