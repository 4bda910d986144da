import { useId } from 'react';
import { sizesFromText, sizesToText } from '#bench/amounts.ts';
import fields from '#ui/components/fields.module.css';
import { Select } from '#ui/components/Select.tsx';
import { formatBytes } from '#ui/format.ts';
import { useBench } from '../useBench.ts';
import css from './controls.module.css';

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
    <Select
      id={name === 'from' ? id : undefined}
      label={`Sizes: ${name}`}
      value={value}
      options={(values.includes(value) ? values : [value, ...values]).map((one) => ({
        value: one,
        label: name === 'by' ? `× ${one}` : formatBytes(one),
      }))}
      onChange={onChange}
    />
  );
  return (
    <div className={fields['above']}>
      <label htmlFor={id}>Buffers, from, to and by</label>
      <div className={css['range']}>
        {select('from', first, POWERS, (value) => set(value, last, step))}
        {select('to', last, POWERS, (value) => set(first, value, step))}
        {select('by', step, STEPS, (value) => set(first, last, value))}
      </div>
      {!regular && (
        <p className={`num ${fields['field-note']}`}>{sizesToText(sizes).replaceAll(',', ', ')}</p>
      )}
    </div>
  );
}

function rangeOf(first: number, last: number, step: number): number[] {
  return first >= last ? [first] : sizesFromText(`${first}:${last}:${step}`);
}
