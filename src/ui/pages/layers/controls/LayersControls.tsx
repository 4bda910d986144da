import { nextSeed } from '#lab/inputs.ts';
import type { LayerParams } from '#lab/layers/params.ts';
import { DeviceField } from '#ui/components/DeviceField.tsx';
import { noWebGpu } from '#ui/components/devices.ts';
import { Problem } from '#ui/components/Problem.tsx';
import { Segmented } from '#ui/components/Segmented.tsx';
import { useLayers } from '../useLayers.ts';
import { AdjustSizes } from './AdjustSizes.tsx';
import { LayerList } from './LayerList.tsx';
import { PassFields } from './PassFields.tsx';
import { PresetField } from './PresetField.tsx';
import { PROBLEM_ID } from './problemId.ts';
import '#ui/components/controls.css';
import './controls.css';

/** Those that people ask for; a link may say 7. */
const RANKS = [1, 2, 3, 4, 5, 6, 8];

/** Everything a visitor can choose; each change runs. */
export function LayersControls() {
  const params = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  const rerun = useLayers((state) => state.rerun);
  const problem = useLayers((state) => state.problem);
  const hasRun = useLayers((state) => state.run !== null);
  const missing = useLayers(({ run }) =>
    noWebGpu(run === null ? null : { device: run.params.device, devices: run.devices }),
  );
  return (
    <div className="controls layers-form">
      <Problem id={PROBLEM_ID} problem={problem} hasRun={hasRun} />
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
      <DeviceField value={params.device} missing={missing} onChange={(device) => change({ device })} />
      <div className="seed">
        <button type="button" className="ghost" onClick={() => change({ seed: nextSeed(params.seed) })}>
          New numbers
        </button>
        <span className="num">seed {params.seed}</span>
        <button type="button" className="ghost" disabled={problem !== null} onClick={rerun}>
          Run again
        </button>
      </div>
    </div>
  );
}

function rankOptions({ ranks }: LayerParams): { value: number; label: string }[] {
  const offered = ranks === 7 ? [...RANKS, 7].sort((a, b) => a - b) : RANKS;
  return offered.map((value) => ({ value, label: String(value) }));
}
