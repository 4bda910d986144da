import { memo, useState } from 'react';
import { commandOf, type Engine } from '#planner/commands.ts';
import { verdictsOf } from '#planner/verdicts/verdicts.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Segmented } from '#ui/components/Options.tsx';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import type { AnswerProps } from '../Answered.tsx';
import css from '../plan.module.css';
import { usePlan } from '../usePlan.ts';

type Serving = Exclude<Engine, 'megatron'>;

const ENGINES: readonly { readonly value: Serving; readonly label: string }[] = [
  { value: 'vllm', label: 'vLLM' },
  { value: 'sglang', label: 'SGLang' },
  { value: 'transformers', label: 'torchrun' },
];

/** The layout that is looked at, to be run elsewhere. */
export const CommandsPanel = memo(function CommandsPanel({ answer }: AnswerProps) {
  const model = usePlan((state) => state.params.model);
  const [engine, setEngine] = useState<Serving>('vllm');
  const { question, plan } = answer;
  const trains = question.load.work === 'train';
  const text = commandOf(trains ? 'megatron' : engine, question, plan, model === '' ? './model' : model);
  return (
    <Panel
      title="Run it"
      hint={trains ? 'Megatron-LM, with exactly these degrees' : 'with exactly these degrees'}
      action={
        !trains && <Segmented inHead label="Engine" value={engine} options={ENGINES} onChange={setEngine} />
      }
    >
      <ScrollRegion label="The command" className={css['command']}>
        <pre>
          <code>{text}</code>
        </pre>
      </ScrollRegion>
      {!plan.fits && (
        <p className="bad small pad-below">
          <strong>✗ It does not fit</strong>: this would end with an error for want of memory.
        </p>
      )}
      {!trains && <Refusal engine={engine} answer={answer} />}
      <div className="row gap-2 pad-foot">
        <CopyButton label="Copy the command" text={() => text} />
        <CopyButton label="Copy a link to this plan" text={() => location.href} />
      </div>
    </Panel>
  );
});

interface RefusalProps extends AnswerProps {
  readonly engine: Serving;
}

/** Why the engine would not run it so, and what it would run. */
function Refusal({ engine, answer: { plan: own, question } }: RefusalProps) {
  const verdict = verdictsOf(question.model, own.tensor, { expertParallel: own.expert > 1 })[engine];
  if (verdict.ok === true) return null;
  return (
    <p className="bad small pad-below">
      <strong>✗ It refuses this</strong>: {verdict.reasons.join('; ')}.
      {verdict.ways.length > 0 && ` The way out: ${verdict.ways.join('; ')}.`}
    </p>
  );
}
