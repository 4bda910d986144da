interface PowerFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A slider over powers of two. */
export function PowerField({ label, value, least = 1, most, onChange }: PowerFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <span className="num">{value.toLocaleString('en')}</span>
      <input
        type="range"
        min={Math.log2(least)}
        max={Math.log2(most)}
        value={Math.log2(value)}
        aria-valuetext={String(value)}
        onChange={(event) => onChange(2 ** event.target.valueAsNumber)}
      />
    </label>
  );
}
