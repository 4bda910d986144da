import { useState } from 'react';
import { PRESETS, type Preset, type SplitParams } from '#lab/split/params.ts';
import fields from '#ui/components/fields.module.css';
import css from './presets.module.css';

interface PresetsProps {
  readonly params: SplitParams;
  readonly onChange: (patch: Partial<SplitParams>) => void;
}

/** Shapes to start from. The note is that of the preset pointed at, else of the one that is chosen. */
export function Presets({ params, onChange }: PresetsProps) {
  const [pointed, setPointed] = useState<Preset | null>(null);
  const noted = pointed ?? PRESETS.find((preset) => isOn(preset, params));
  return (
    <fieldset className={`row ruled ${css['presets']}`}>
      <legend>Presets</legend>
      {PRESETS.map((preset) => (
        <button
          key={preset.id}
          type="button"
          className="ghost"
          aria-pressed={isOn(preset, params)}
          aria-description={preset.note}
          onClick={() => onChange(preset.params)}
          onPointerEnter={() => setPointed(preset)}
          onPointerLeave={() => setPointed(null)}
          onFocus={() => setPointed(preset)}
          onBlur={() => setPointed(null)}
        >
          {preset.label}
        </button>
      ))}
      <p className={fields['field-note']}>{noted?.note ?? 'shapes to start from'}</p>
    </fieldset>
  );
}

function isOn(preset: Preset, params: SplitParams): boolean {
  return Object.entries(preset.params).every(([key, value]) => params[key as keyof SplitParams] === value);
}
