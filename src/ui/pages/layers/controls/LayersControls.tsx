import type { LayerParams } from '#lab/layers/params.ts';
import { Segmented } from '#ui/components/Segmented.tsx';
import { DeviceField, Problem, SeedField } from '#ui/page/RunFields.tsx';
import { layersStore, useLayers } from '../useLayers.ts';
import { AdjustSizes } from './AdjustSizes.tsx';
import { LayerList } from './LayerList.tsx';
import { PassFields } from './PassFields.tsx';
import { PresetField } from './PresetField.tsx';
import './controls.css';

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
