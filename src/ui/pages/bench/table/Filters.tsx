import { useMemo } from 'react';
import type { BenchResult } from '#bench/record.ts';
import { Select } from '#ui/components/Select.tsx';
import { counted } from '#ui/components/words.ts';
import { type Filter, filterOptions, NO_FILTER } from './rows.ts';
import css from './table.module.css';

interface FiltersProps {
  readonly results: readonly BenchResult[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

const FIELDS: readonly { readonly key: keyof Filter; readonly label: string; readonly all: string }[] = [
  { key: 'op', label: 'Operation', all: 'all operations' },
  { key: 'place', label: 'Backend', all: 'all backends' },
  { key: 'ranks', label: 'Ranks', all: 'any ranks' },
];

/** Only where there is something to choose between. */
export function Filters({ results, filter, onChange }: FiltersProps) {
  const options = useMemo(() => filterOptions(results), [results]);
  const useful = FIELDS.filter(({ key }) => options[key].length > 1 || filter[key] !== '');
  if (useful.length === 0) return null;
  return (
    <div className={`row gap-2 ${css['filters']}`}>
      {useful.map(({ key, label, all }) => (
        <Select
          key={key}
          label={`${label} shown`}
          value={filter[key]}
          options={[
            { value: '', label: all },
            ...[...new Set([...options[key], ...(filter[key] === '' ? [] : [filter[key]])])].map((value) => ({
              value,
              label: key === 'ranks' ? counted(Number(value), 'rank') : value,
            })),
          ]}
          onChange={(value) => onChange({ ...filter, [key]: value })}
        />
      ))}
      {Object.values(filter).some((value) => value !== '') && (
        <button type="button" className="ghost" onClick={() => onChange(NO_FILTER)}>
          Show all
        </button>
      )}
    </div>
  );
}
