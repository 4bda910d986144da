import { useId } from 'react';
import { LAYER_CHOICES, type LayerParams, presetsFor } from '#lab/layers/params.ts';
import { specOf } from '#lab/layers/spec.ts';
import fields from '#ui/components/fields.module.css';
import { OptionList, Segmented } from '#ui/components/Options.tsx';
import { Select } from '#ui/components/Select.tsx';
import { DeviceField, Problem, SeedField } from '#ui/page/RunFields.tsx';
import { layersStore, useLayers } from '../useLayers.ts';
import { AdjustSizes } from './AdjustSizes.tsx';
import { PassFields } from './PassFields.tsx';

/** Those that people ask for; a link may say 7. */
const RANKS = [1, 2, 3, 4, 5, 6, 8];

/** Everything a visitor can choose; each change runs. */
export function LayersControls() {
  const params = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  return (
    <>
      <Problem store={layersStore} />
      <OptionList
        label="Layer"
        value={params.layer}
        options={LAYER_CHOICES.map(({ id, label }) => ({ value: id, label }))}
        onChange={(layer) => change({ layer })}
      />
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

/** Whose layer it is, and what was made smaller so that a page can run it. */
function PresetField() {
  const id = useId();
  const params = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  const options = presetsFor(params.layer);
  const known = options.some((preset) => preset.id === params.preset);
  const summary = known ? specOf(params).scaled.summary : null;
  return (
    <div className={fields['above']}>
      <label htmlFor={id}>Sizes from</label>
      <Select
        id={id}
        describedBy={`${id}-note`}
        value={params.preset}
        options={[
          ...(known ? [] : [{ value: params.preset, label: params.preset }]),
          ...options.map((preset) => ({ value: preset.id, label: preset.label })),
        ]}
        onChange={(preset) => change({ preset, sizes: {} })}
      />
      <p className={fields['field-note']} id={`${id}-note`}>
        {summary === '' && 'Runs at full size.'}
        {summary !== null && summary !== '' && `Runs at ${summary}; planned at full size.`}
      </p>
    </div>
  );
}
