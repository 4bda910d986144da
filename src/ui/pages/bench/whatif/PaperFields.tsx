import { FABRICS, GPUS } from '#bench/hardware.ts';
import { presets } from '#models/presets.ts';
import { Segmented } from '#ui/components/Options.tsx';
import { LabelledSelect } from '#ui/components/Select.tsx';
import type { PaperChoice } from './paper.ts';
import css from './whatIf.module.css';

interface PaperFieldsProps {
  readonly choice: PaperChoice;
  readonly onChange: (patch: Partial<PaperChoice>) => void;
}

/** Every number is a power of two, as machines come. */
export function PaperFields({ choice, onChange }: PaperFieldsProps) {
  const select = (
    label: string,
    value: string,
    options: readonly { readonly id: string; readonly label: string }[],
    key: 'model' | 'gpu' | 'tensorFabric' | 'outerFabric',
  ) => (
    <LabelledSelect
      label={label}
      value={value}
      options={options.map((option) => ({ value: option.id, label: option.label }))}
      onChange={(id) => onChange({ [key]: id })}
    />
  );
  return (
    <div className={css['fields']}>
      {select('Model', choice.model, presets, 'model')}
      <Segmented
        label="Does what"
        value={choice.mode}
        options={[
          { value: 'decode', label: 'Decode' },
          { value: 'prefill', label: 'Prefill' },
          { value: 'train', label: 'Train' },
        ]}
        onChange={(mode) => onChange({ mode })}
      />
      <PowerField
        label="Tensor-parallel ranks"
        value={choice.tensor}
        most={64}
        onChange={(tensor) => onChange({ tensor })}
      />
      <PowerField
        label="Pipeline stages"
        value={choice.pipeline}
        most={64}
        onChange={(pipeline) => onChange({ pipeline })}
      />
      <PowerField
        label="Data-parallel copies"
        value={choice.data}
        most={256}
        onChange={(data) => onChange({ data })}
      />
      <PowerField
        label="Sequences in all"
        value={choice.sequences}
        most={4096}
        onChange={(sequences) => onChange({ sequences })}
      />
      <PowerField
        label="Tokens of context"
        value={choice.context}
        least={128}
        most={131_072}
        onChange={(context) => onChange({ context })}
      />
      {select('GPU', choice.gpu, GPUS, 'gpu')}
      {select('Between tensor-parallel ranks', choice.tensorFabric, FABRICS, 'tensorFabric')}
      {select('Between stages and copies', choice.outerFabric, FABRICS, 'outerFabric')}
      <label>
        <span>Share of the peaks reached</span>
        <span className="num">{choice.efficiency} %</span>
        <input
          type="range"
          min={5}
          max={100}
          step={5}
          value={choice.efficiency}
          onChange={(event) => onChange({ efficiency: event.target.valueAsNumber })}
        />
      </label>
    </div>
  );
}

interface PowerFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A slider over powers of two. */
function PowerField({ label, value, least = 1, most, onChange }: PowerFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <span className="num">{value.toLocaleString('en')}</span>
      <input
        type="range"
        min={Math.log2(least)}
        max={Math.log2(most)}
        value={Math.log2(value)}
        aria-valuetext={String(value)}
        onChange={(event) => onChange(2 ** event.target.valueAsNumber)}
      />
    </label>
  );
}
