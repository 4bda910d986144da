import {
  ANSWER,
  CACHE,
  type PlanFields,
  PROMPT,
  SEQUENCES,
  TARGET,
  WEIGHTS,
  WORK,
} from '#lab/plan/params.ts';
import fields from '#ui/components/fields.module.css';
import { OptionList, Segmented } from '#ui/components/Options.tsx';
import { usePlan } from '../usePlan.ts';
import { NumberField } from './NumberField.tsx';

/** In training all tokens of a sequence go at once, and nothing is answered. */
const TRAINED = { ...PROMPT, label: 'A sequence' };
const STEP = { ...SEQUENCES, label: 'Sequences a step' };

/** What the model is to do, and what is looked for. */
export function LoadFields() {
  const { work, cache, weights, target } = usePlan((state) => state.params);
  const change = usePlan((state) => state.change);
  const trains = work === 'train';
  const targets = TARGET.options as readonly { value: PlanFields['target']; label: string }[];
  return (
    <>
      <Segmented
        label={WORK.label}
        value={work}
        options={WORK.options as readonly { value: PlanFields['work']; label: string }[]}
        onChange={(value) =>
          change({ work: value, chosen: null, ...(target === 'context' && { target: 'throughput' }) })
        }
      />
      <div className={fields['sizes']}>
        <NumberField definition={trains ? TRAINED : PROMPT} meaning="tokens" />
        {!trains && <NumberField definition={ANSWER} meaning="tokens" />}
        <NumberField definition={trains ? STEP : SEQUENCES} />
      </div>
      {!trains && (
        <Segmented
          label={WEIGHTS.label}
          value={weights}
          options={WEIGHTS.options as readonly { value: PlanFields['weights']; label: string }[]}
          onChange={(value) => change({ weights: value })}
        />
      )}
      {!trains && (
        <Segmented
          label={CACHE.label}
          value={cache}
          options={CACHE.options as readonly { value: 16 | 8; label: string }[]}
          onChange={(value) => change({ cache: value })}
        />
      )}
      <OptionList
        label={TARGET.label}
        value={target}
        options={targets
          .filter(({ value }) => !trains || value !== 'context')
          .map((one) => (trains && one.value === 'latency' ? { ...one, label: 'the quickest step' } : one))}
        onChange={(value) => change({ target: value, chosen: null })}
      />
    </>
  );
}
