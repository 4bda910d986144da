import { useId } from 'react';
import type { LayerField } from '#lab/layers/spec.ts';
import type { FieldValue } from '#program/definition.ts';
import { SizeField, Switch } from '#ui/components/Fields.tsx';
import fields from '#ui/components/fields.module.css';
import { Select } from '#ui/components/Select.tsx';
import { problemId } from '#ui/page/RunFields.tsx';
import { layersStore } from '../useLayers.ts';
import css from './controls.module.css';

interface SpecFieldProps {
  readonly field: LayerField;
  readonly onChange: (value: FieldValue) => void;
  /** Puts back what the preset has. */
  readonly onReset: () => void;
}

/** One size, switch or choice of the layer's configuration. */
export function SpecField({ field, onChange, onReset }: SpecFieldProps) {
  return (
    <div className={css['field']} data-changed={field.changed || undefined}>
      <FieldInput field={field} onChange={onChange} />
      {field.hint !== undefined && <p className={fields['field-note']}>{field.hint}</p>}
      {field.changed && (
        <button
          type="button"
          className={`bare ${css['reset']}`}
          onClick={onReset}
          aria-label={`Reset ${field.label}`}
        >
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
        <div className={fields['inline']}>
          <label htmlFor={id}>{field.label}</label>
          <Select id={id} value={field.value} options={field.options} onChange={onChange} />
        </div>
      );
    default:
      return field satisfies never;
  }
}
