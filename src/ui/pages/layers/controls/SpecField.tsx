import { useId } from 'react';
import type { Field } from '#lab/layers/spec.ts';
import type { FieldValue } from '#program/definition.ts';
import { SizeField } from '#ui/components/SizeField.tsx';
import { Switch } from '#ui/components/Switch.tsx';
import { problemId } from '#ui/page/RunFields.tsx';
import { layersStore } from '../useLayers.ts';

interface SpecFieldProps {
  readonly field: Field;
  readonly onChange: (value: FieldValue) => void;
  /** Puts back what the preset has. */
  readonly onReset: () => void;
}

/** One size, switch or choice of the layer's configuration. */
export function SpecField({ field, onChange, onReset }: SpecFieldProps) {
  return (
    <div className="spec-field" data-changed={field.changed || undefined}>
      <FieldInput field={field} onChange={onChange} />
      {field.hint !== undefined && <p className="field-note">{field.hint}</p>}
      {field.changed && (
        <button type="button" className="spec-reset" onClick={onReset} aria-label={`Reset ${field.label}`}>
          reset
        </button>
      )}
    </div>
  );
}

function FieldInput({ field, onChange }: Omit<SpecFieldProps, 'onReset'>) {
  const id = useId();
  switch (field.kind) {
    case 'size':
      return (
        <SizeField
          name={field.label}
          spoken={field.label}
          value={field.value}
          min={field.min}
          max={field.max}
          step={field.step}
          sliderMax={null}
          problemId={problemId(layersStore)}
          onChange={onChange}
        />
      );
    case 'switch':
      return <Switch label={field.label} checked={field.value} onChange={onChange} />;
    case 'choice':
      return (
        <div className="select-field select-inline">
          <label htmlFor={id}>{field.label}</label>
          <select
            id={id}
            value={String(field.value)}
            onChange={(event) => {
              const option = field.options.find(({ value }) => String(value) === event.target.value);
              if (option !== undefined) onChange(option.value);
            }}
          >
            {field.options.map(({ value, label }) => (
              <option key={value} value={String(value)}>
                {label}
              </option>
            ))}
          </select>
        </div>
      );
    default:
      return field satisfies never;
  }
}
