import { nextSeed } from '#lab/inputs.ts';
import { MAX_RANKS, MAX_SIZE, SLIDER_MAX } from '#lab/split/params.ts';
import type { Split } from '#program/split.ts';
import { DeviceField } from '#ui/components/DeviceField.tsx';
import { noWebGpu } from '#ui/components/devices.ts';
import { Problem } from '#ui/components/Problem.tsx';
import { Segmented } from '#ui/components/Segmented.tsx';
import { SizeField } from '#ui/components/SizeField.tsx';
import { useSplit } from '../useSplit.ts';
import { Options } from './Options.tsx';
import { Presets } from './Presets.tsx';
import '#ui/components/controls.css';
import './controls.css';

const PROBLEM_ID = 'split-problem';

const SPLITS: readonly { value: Split; label: string }[] = [
  { value: 'column', label: 'Column' },
  { value: 'row', label: 'Row' },
  { value: 'pair', label: 'Pair' },
  { value: 'none', label: 'None' },
];

const RANKS = Array.from({ length: MAX_RANKS }, (_, index) => ({
  value: index + 1,
  label: String(index + 1),
}));

/** Everything a visitor can choose; each change runs. */
export function Controls() {
  const params = useSplit((state) => state.params);
  const change = useSplit((state) => state.change);
  const problem = useSplit((state) => state.problem);
  const hasRun = useSplit((state) => state.run !== null);
  const missing = useSplit(({ run }) =>
    noWebGpu(run === null ? null : { device: run.params.device, devices: run.devices }),
  );
  const meanings = params.split === 'pair' ? PAIR_MEANINGS : MEANINGS;
  return (
    <div className="controls">
      <Segmented
        label="Split"
        value={params.split}
        options={SPLITS}
        onChange={(split) => change({ split })}
      />
      <Segmented label="Ranks" value={params.ranks} options={RANKS} onChange={(ranks) => change({ ranks })} />
      <div className="sizes">
        {SIZES.map((size) => (
          <SizeField
            key={size}
            name={size.toUpperCase()}
            meaning={meanings[size]}
            spoken={`${size.toUpperCase()}, ${meanings[size]}`}
            value={params[size]}
            min={1}
            sliderMax={SLIDER_MAX}
            max={MAX_SIZE}
            problemId={PROBLEM_ID}
            onChange={(value) => change({ [size]: value })}
          />
        ))}
      </div>
      <Problem id={PROBLEM_ID} problem={problem} hasRun={hasRun} />
      <DeviceField value={params.device} missing={missing} onChange={(device) => change({ device })} />
      <Options params={params} onChange={change} />
      <Presets params={params} onChange={change} />
      <div className="seed">
        <button type="button" className="ghost" onClick={() => change({ seed: nextSeed(params.seed) })}>
          New numbers
        </button>
        <span className="num">seed {params.seed}</span>
      </div>
    </div>
  );
}

const SIZES = ['m', 'k', 'n'] as const;
type Meanings = Readonly<Record<(typeof SIZES)[number], string>>;
const MEANINGS: Meanings = { m: 'rows of X', k: 'columns of X, rows of W', n: 'columns of W' };
const PAIR_MEANINGS: Meanings = { m: 'rows of X', k: 'columns of X and Y', n: 'columns of H, in between' };
