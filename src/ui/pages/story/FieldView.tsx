import { useId, useState } from 'react';
import type { Field, Option } from '#lab/story/chapter.ts';
import { Words } from '#ui/components/term/Defined.tsx';
import css from './field.module.css';
import { useStory } from './useStory.ts';

/** A prediction, by whatever it takes: a number, a choice, a slider. A line is chosen in the code itself. */
export function FieldView({ field }: { readonly field: Field }) {
  switch (field.kind) {
    case 'number':
      return <NumberView field={field} />;
    case 'choice':
      return <ChoiceView field={field} />;
    case 'slider':
      return <SliderView field={field} />;
    case 'line':
      return <LineChosen field={field} />;
    default:
      return field satisfies never;
  }
}

function NumberView({ field }: { readonly field: Extract<Field, { kind: 'number' }> }) {
  const predict = useStory((state) => state.predict);
  const [text, setText] = useState('');
  const id = useId();
  const value = numberIn(text);
  const wrong = text.trim() !== '' && (value === null || value > field.max);
  return (
    <p className={css['number']}>
      <label htmlFor={id}>
        <Words text={field.label} />
      </label>
      <span>
        <input
          id={id}
          className="num"
          inputMode="numeric"
          autoComplete="off"
          placeholder="?"
          value={text}
          aria-invalid={wrong}
          onChange={(event) => {
            setText(event.target.value);
            predict(field.key, numberIn(event.target.value));
          }}
        />
        {field.unit}
      </span>
    </p>
  );
}

/** 1,536 and 1 536 are numbers too; null where there is none. */
function numberIn(text: string): number | null {
  const digits = text.replaceAll(/[\s,’']/g, '');
  return /^\d{1,12}$/.test(digits) ? Number(digits) : null;
}

function ChoiceView({ field }: { readonly field: Extract<Field, { kind: 'choice' }> }) {
  const chosen = useStory((state) => state.answer[field.key]);
  const predict = useStory((state) => state.predict);
  const name = useId();
  const short = field.options.every(({ label }) => label.length <= 12);
  return (
    <fieldset className={css['choice']} data-short={short}>
      <legend>
        <Words text={field.label} />
      </legend>
      <div>
        {field.options.map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              checked={chosen === value}
              onChange={() => predict(field.key, value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function SliderView({ field }: { readonly field: Extract<Field, { kind: 'slider' }> }) {
  const chosen = useStory((state) => state.answer[field.key]);
  const predict = useStory((state) => state.predict);
  const id = useId();
  const { options } = field;
  const index = Math.max(
    0,
    options.findIndex(({ value }) => value === chosen),
  );
  const label = options[index]?.label ?? '';
  return (
    <p className={css['slider']}>
      <label htmlFor={id}>
        <Words text={field.label} />
      </label>
      <output htmlFor={id} className="num">
        {label}
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={options.length - 1}
        step={1}
        value={index}
        aria-valuetext={label}
        onChange={(event) => predict(field.key, valueAt(options, event.target.valueAsNumber))}
      />
    </p>
  );
}

function valueAt(options: readonly Option[], index: number): Option['value'] | null {
  return options[index]?.value ?? null;
}

function LineChosen({ field }: { readonly field: Extract<Field, { kind: 'line' }> }) {
  const chosen = useStory((state) => state.answer[field.key]);
  const line = field.lines[Number(chosen ?? -1)];
  return (
    <p className={css['line']}>
      {field.label}
      {line === undefined ? ' in the program.' : <code>{line.split('  #')[0]?.trim()}</code>}
    </p>
  );
}
