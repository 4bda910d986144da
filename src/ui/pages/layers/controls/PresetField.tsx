import { useId } from 'react';
import { presetsFor } from '#lab/layers/params.ts';
import { specOf } from '#lab/layers/spec.ts';
import { useLayers } from '../useLayers.ts';

/** Whose layer it is, and what was made smaller so that a page can run it. */
export function PresetField() {
  const id = useId();
  const params = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  const options = presetsFor(params.layer);
  const known = options.some((preset) => preset.id === params.preset);
  const summary = known ? specOf(params).scaled.summary : null;
  return (
    <div className="select-field">
      <label htmlFor={id}>Sizes from</label>
      <select
        id={id}
        value={params.preset}
        aria-describedby={`${id}-note`}
        onChange={(event) => change({ preset: event.target.value, sizes: {} })}
      >
        {!known && <option value={params.preset}>{params.preset}</option>}
        {options.map((preset) => (
          <option key={preset.id} value={preset.id}>
            {preset.label}
          </option>
        ))}
      </select>
      <p className="field-note" id={`${id}-note`}>
        {summary === '' && 'Runs at full size.'}
        {summary !== null && summary !== '' && `Runs at ${summary}; planned at full size.`}
      </p>
    </div>
  );
}
