import { ALGORITHM, type ModelParams, PLACEMENT, TOKENS, WEIGHTS } from '#lab/model/params.ts';
import type { Placement } from '#protocol.ts';
import { noWebGpu } from '#ui/components/devices.ts';
import { SizeField } from '#ui/components/Fields.tsx';
import fields from '#ui/components/fields.module.css';
import { Segmented } from '#ui/components/Options.tsx';
import { LabelledSelect } from '#ui/components/Select.tsx';
import { DeviceChoices, ProblemText } from '#ui/page/RunFields.tsx';
import { PROBLEM_ID, useModel } from '../useModel.ts';
import { ContextField } from './ContextField.tsx';
import { KeptModels } from './KeptModels.tsx';
import { ModelField } from './ModelField.tsx';
import { SamplingFields } from './SamplingFields.tsx';

const RANKS = [1, 2, 3, 4, 5, 6, 8];
/** What the slider reaches; the box takes more. */
const SLIDER_TOKENS = 250;

/** Everything a visitor can choose. Ranks, model and device take effect at once; the rest with the next text. */
export function ModelControls() {
  const { ranks, tokens } = useModel((state) => state.params);
  const problem = useModel((state) => state.problem);
  const hasText = useModel((state) => state.turns.length > 0);
  const change = useModel((state) => state.change);
  return (
    <>
      <ProblemText id={PROBLEM_ID} problem={problem} hasRun={hasText} rest="The text stays as it is." />
      <ModelField />
      <KeptModels />
      <Segmented
        label="Ranks"
        value={ranks}
        options={(ranks === 7 ? [...RANKS.slice(0, -1), 7, 8] : RANKS).map((value) => ({
          value,
          label: String(value),
        }))}
        onChange={(value) => change({ ranks: value })}
      />
      <DeviceField />
      <PlacementField />
      <WeightsField />
      <div className={fields['sizes']}>
        <SizeField
          name={TOKENS.label}
          meaning="at most"
          spoken="New tokens at most"
          value={tokens}
          min={TOKENS.min}
          max={TOKENS.max}
          sliderMax={SLIDER_TOKENS}
          problemId={PROBLEM_ID}
          onChange={(value) => change({ tokens: value })}
        />
      </div>
      <SamplingFields />
      <ContextField />
      <AlgorithmField />
    </>
  );
}

/** Where the ranks are, and so how what they say to each other goes. */
function PlacementField() {
  const placement = useModel((state) => state.params.placement);
  const change = useModel((state) => state.change);
  return (
    <div>
      <Segmented<Placement>
        label={PLACEMENT.label}
        value={placement}
        onChange={(next) => change({ placement: next })}
        options={PLACEMENT.options as readonly { value: Placement; label: string }[]}
      />
      {placement === 'one-device' && (
        <p className={fields['field-note']}>
          All ranks in one worker, on one device: it adds up and gathers what they have, and nothing goes
          through the host. They take turns on it, so that more ranks are not faster.
        </p>
      )}
    </div>
  );
}

/** In fewer bits a model takes less memory, and is another one by so much. */
function WeightsField() {
  const weights = useModel((state) => state.params.weights);
  const change = useModel((state) => state.change);
  return (
    <div>
      <Segmented<ModelParams['weights']>
        label={WEIGHTS.label}
        value={weights}
        onChange={(next) => change({ weights: next })}
        options={WEIGHTS.options as readonly { value: ModelParams['weights']; label: string }[]}
      />
      {weights !== 'stored' && (
        <p className={fields['field-note']}>
          Each rank rounds its weights as they arrive, 32 along a row with a scale. The embedding and the
          norms stay. A GPU holds them so; the CPU makes float32 of them again.
        </p>
      )}
    </div>
  );
}

/** One device has no other way than its own. */
function AlgorithmField() {
  const { algorithm, placement } = useModel((state) => state.params);
  const change = useModel((state) => state.change);
  if (placement === 'one-device') return null;
  return (
    <div className={fields['inline']}>
      <LabelledSelect
        label={ALGORITHM.label}
        value={algorithm}
        options={ALGORITHM.options as readonly { value: ModelParams['algorithm']; label: string }[]}
        onChange={(value) => change({ algorithm: value })}
      />
    </div>
  );
}

/** What the ranks compute on, and why Auto took what it took. */
function DeviceField() {
  const device = useModel((state) => state.params.device);
  const devices = useModel((state) => state.loaded?.devices ?? null);
  const change = useModel((state) => state.change);
  const missing = 'gpu' in navigator ? null : noWebGpu(null);
  const onCpu = devices?.every(({ kind }) => kind === 'cpu') ?? false;
  return (
    <DeviceChoices value={device} onChange={(next) => change({ device: next })} missing={missing}>
      {missing === null && device === 'auto' && onCpu && (
        <p className={fields['field-note']}>
          Auto took the CPU: WebGPU has no real GPU here, and one that the CPU plays writes more slowly.
        </p>
      )}
    </DeviceChoices>
  );
}
