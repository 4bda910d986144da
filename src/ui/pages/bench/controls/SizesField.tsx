import { useId } from 'react';
import { sizesFromText, sizesToText } from '#bench/amounts.ts';
import { formatBytes } from '#ui/format.ts';
import { useBench } from '../useBench.ts';

const POWERS = Array.from({ length: 19 }, (_, i) => 2 ** (10 + i)); // 1 KiB to 256 MiB
const STEPS = [2, 4, 16];

/** Buffers of the collectives: from one size to another, each so many times the one before. */
export function SizesField() {
  const id = useId();
  const sizes = useBench((state) => state.options.sizes);
  const change = useBench((state) => state.change);
  const first = sizes[0] ?? 1024;
  const last = sizes.at(-1) ?? first;
  const step = sizes.length > 1 ? (sizes[1] ?? 0) / first : 2;
  // A link may name any sizes; choosing here makes a range of them.
  const regular = sizesToText(rangeOf(first, last, STEPS.includes(step) ? step : 2)) === sizesToText(sizes);
  const set = (from: number, to: number, by: number) =>
    change({ sizes: rangeOf(Math.min(from, to), Math.max(from, to), STEPS.includes(by) ? by : 2) });
  const select = (
    name: string,
    value: number,
    values: readonly number[],
    onChange: (value: number) => void,
  ) => (
    <select
      id={name === 'from' ? id : undefined}
      aria-label={`Sizes: ${name}`}
      value={value}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {(values.includes(value) ? values : [value, ...values]).map((one) => (
        <option key={one} value={one}>
          {name === 'by' ? `× ${one}` : formatBytes(one)}
        </option>
      ))}
    </select>
  );
  return (
    <div className="select-field">
      <label htmlFor={id}>Buffers, from, to and by</label>
      <div className="bench-range">
        {select('from', first, POWERS, (value) => set(value, last, step))}
        {select('to', last, POWERS, (value) => set(first, value, step))}
        {select('by', step, STEPS, (value) => set(first, last, value))}
      </div>
      {!regular && <p className="field-note num">{sizesToText(sizes).replaceAll(',', ', ')}</p>}
    </div>
  );
}

function rangeOf(first: number, last: number, step: number): number[] {
  return first >= last ? [first] : sizesFromText(`${first}:${last}:${step}`);
}
