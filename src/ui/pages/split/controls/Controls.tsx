import { RANKS } from '#lab/parameters.ts';
import { SIZES, SPLIT, type SplitParams } from '#lab/split/params.ts';
import type { Split } from '#program/split.ts';
import { SizeField, Switch } from '#ui/components/Fields.tsx';
import fields from '#ui/components/fields.module.css';
import { Segmented } from '#ui/components/Options.tsx';
import { DeviceField, Problem, problemId, SeedField } from '#ui/page/RunFields.tsx';
import { splitStore, useSplit } from '../useSplit.ts';
import { Glance } from './Glance.tsx';
import { Presets } from './Presets.tsx';

/** What a slider reaches; the number boxes take more. */
const SLIDER_MAX = 48;

const MEANINGS = ['rows of X', 'columns of X, rows of W', 'columns of W'];
const PAIR_MEANINGS = ['rows of X', 'columns of X and Y', 'columns of H, in between'];

/** Everything a visitor can choose; each change runs. */
export function Controls() {
  const params = useSplit((state) => state.params);
  const change = useSplit((state) => state.change);
  const meanings = params.split === 'pair' ? PAIR_MEANINGS : MEANINGS;
  return (
    <>
      <Segmented
        label={SPLIT.label}
        value={params.split}
        options={SPLIT.options as readonly { value: Split; label: string }[]}
        onChange={(split) => change({ split })}
      />
      <Glance />
      <Segmented
        label={RANKS.label}
        value={params.ranks}
        options={Array.from({ length: RANKS.max }, (_, i) => ({ value: i + 1, label: String(i + 1) }))}
        onChange={(ranks) => change({ ranks })}
      />
      <div className={fields['sizes']}>
        {SIZES.map(({ path, label, min, max }, index) => (
          <SizeField
            key={path}
            name={label}
            meaning={meanings[index] ?? ''}
            spoken={`${label}, ${meanings[index]}`}
            value={params[path]}
            min={min}
            sliderMax={SLIDER_MAX}
            max={max}
            problemId={problemId(splitStore)}
            onChange={(value) => change({ [path]: value })}
          />
        ))}
      </div>
      <Problem store={splitStore} />
      <DeviceField store={splitStore} />
      <Switches params={params} onChange={change} />
      <Presets params={params} onChange={change} />
      <SeedField store={splitStore} />
    </>
  );
}

interface SwitchesProps {
  readonly params: SplitParams;
  readonly onChange: (patch: Partial<SplitParams>) => void;
}

/** Of the layer first, then of the drawing. */
function Switches({ params, onChange }: SwitchesProps) {
  const { split, bias, biasOnEveryRank, gatherOutput, stored } = params;
  const sums = split === 'row' || split === 'pair';
  return (
    <div className={fields['switches']}>
      <Switch label="Bias" checked={bias} onChange={(on) => onChange({ bias: on })} />
      {sums && (
        <Switch
          label={
            <>
              Bias on every rank <em>(the bug)</em>
            </>
          }
          checked={biasOnEveryRank}
          disabled={bias ? undefined : 'Needs a bias: switch it on first.'}
          onChange={(on) => onChange({ biasOnEveryRank: on })}
        />
      )}
      {split === 'column' && (
        <Switch
          label="Gather the columns of Y"
          checked={gatherOutput}
          onChange={(on) => onChange({ gatherOutput: on })}
        />
      )}
      <Switch
        label={
          <>
            Stored weight <span className="num">[out, in]</span>
          </>
        }
        checked={stored}
        onChange={(on) => onChange({ stored: on })}
      />
    </div>
  );
}
