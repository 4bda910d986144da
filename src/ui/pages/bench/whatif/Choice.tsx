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

/** Options of a list to choose from: thousands take long to make, and nobody would look through them. */
const MOST = 300;

/** The first of all, and the one that is chosen. */
export function someOf<T>(all: readonly T[], isChosen: (one: T) => boolean): readonly T[] {
  return all.length <= MOST ? all : all.filter((one, i) => i < MOST || isChosen(one));
}
