import type { SplitParams } from '#lab/split/params.ts';
import { Switch } from '#ui/components/Switch.tsx';

interface OptionsProps {
  readonly params: SplitParams;
  readonly onChange: (patch: Partial<SplitParams>) => void;
}

/** The switches: of the layer first, then of the drawing. */
export function Options({ params, onChange }: OptionsProps) {
  const { split, bias, biasOnEveryRank, gatherOutput, stored } = params;
  const sums = split === 'row' || split === 'pair';
  return (
    <div className="options">
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
