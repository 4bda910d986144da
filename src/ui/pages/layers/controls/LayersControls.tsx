import { type ChoiceId, LAYER_CHOICES, type LayerParams, presetsFor } from '#lab/layers/params.ts';
import { Segmented } from '#ui/components/Segmented.tsx';
import { DeviceField, Problem, SeedField } from '#ui/page/RunFields.tsx';
import { layersStore, useLayers } from '../useLayers.ts';
import { AdjustSizes } from './AdjustSizes.tsx';
import { PassFields } from './PassFields.tsx';
import './controls.css';
import { useId } from 'react';
import { specOf } from '#lab/layers/spec.ts';

/** Those that people ask for; a link may say 7. */
const RANKS = [1, 2, 3, 4, 5, 6, 8];

/** Everything a visitor can choose; each change runs. */
export function LayersControls() {
  const params = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  return (
    <>
      <Problem store={layersStore} />
      <LayerList value={params.layer} onChange={(layer) => change({ layer })} />
      <PresetField />
      <Segmented
        label="Ranks"
        value={params.ranks}
        options={rankOptions(params)}
        onChange={(ranks) => change({ ranks })}
      />
      <PassFields />
      <AdjustSizes />
      <DeviceField store={layersStore} />
      <SeedField store={layersStore} again />
    </>
  );
}

function rankOptions({ ranks }: LayerParams): { value: number; label: string }[] {
  const offered = ranks === 7 ? [...RANKS, 7].sort((a, b) => a - b) : RANKS;
  return offered.map((value) => ({ value, label: String(value) }));
}

interface LayerListProps {
  readonly value: ChoiceId;
  readonly onChange: (layer: ChoiceId) => void;
}

/** One of them: a radio group that reads as a list, so that the arrow keys choose. */
export function LayerList({ value, onChange }: LayerListProps) {
  const name = useId();
  return (
    <fieldset className="layer-list">
      <legend>Layer</legend>
      {LAYER_CHOICES.map(({ id, label }) => (
        <label key={id}>
          <input type="radio" name={name} checked={id === value} onChange={() => onChange(id)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

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
