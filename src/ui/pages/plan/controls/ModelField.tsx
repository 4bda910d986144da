import { useId, useState } from 'react';
import { KNOWN_MODELS, knownConfig } from '#lab/plan/knownModels.ts';
import { isInLink } from '#lab/plan/params.ts';
import { MOST_CHARACTERS, TOO_LONG } from '#lab/plan/question.ts';
import { Fold } from '#ui/components/Fold.tsx';
import fields from '#ui/components/fields.module.css';
import css from '../plan.module.css';
import { PROBLEM_ID, planStore, usePlan } from '../usePlan.ts';

/** The model: one of those that come with the page, another by its name, or its file. */
export function ModelField() {
  const id = useId();
  const name = usePlan(({ params, model }) => params.model || (model?.name ?? ''));
  const phase = usePlan((state) => state.phase);
  const takeName = usePlan((state) => state.takeName);
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? name;
  const unknown = draft?.includes('/') === true && knownConfig(draft) === null;
  const take = (wanted: string): void => {
    const name = wanted.trim();
    if (name === '') setDraft(null);
    // A name that is not found stays, to be mended.
    else void takeName(name).then(() => planStore.now().problem === null && setDraft(null));
  };
  return (
    <form
      className={fields['above']}
      onSubmit={(event) => {
        event.preventDefault();
        take(text);
      }}
    >
      <label htmlFor={id}>Model</label>
      <input
        id={id}
        className={fields['text']}
        type="text"
        list={`${id}-known`}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={PROBLEM_ID}
        value={text}
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => {
          setDraft(target.value);
          if (knownConfig(target.value) !== null) take(target.value);
        }}
        onBlur={() => !unknown && setDraft(null)}
      />
      <datalist id={`${id}-known`}>
        {KNOWN_MODELS.map(({ repository }) => (
          <option key={repository} value={repository} />
        ))}
      </datalist>
      {(unknown || phase === 'fetching') && (
        <button type="submit" className="ghost" disabled={phase === 'fetching'}>
          {phase === 'fetching' ? 'Fetching …' : 'Fetch it from huggingface.co'}
        </button>
      )}
      <ConfigBox />
    </form>
  );
}

/** The file that says what the model is: to be pasted, or to be changed. */
function ConfigBox() {
  const own = usePlan((state) => state.params.config);
  const isOwn = own !== '';
  const known = usePlan((state) => knownConfig(state.params.model) ?? '');
  const takeConfig = usePlan((state) => state.takeConfig);
  const refuse = usePlan((state) => state.refuse);
  const wrong = usePlan((state) => state.problem !== null);
  /** The file that was there when the box was emptied, which is the way to paste another. */
  const [emptied, setEmptied] = useState<string | null>(null);
  const shown = isOwn ? own : known;
  const noRoom = usePlan(({ params }) => params.config !== '' && !isInLink(params));
  return (
    <Fold title="Its config.json" changed={isOwn ? 'yours' : ''}>
      <textarea
        className={`num ${fields['text']} ${css['config']}`}
        aria-label="config.json of a model"
        aria-invalid={wrong && isOwn}
        aria-describedby={PROBLEM_ID}
        rows={9}
        spellCheck={false}
        autoComplete="off"
        placeholder={'{\n  "architectures": ["LlamaForCausalLM"],\n  "hidden_size": 2048, …'}
        value={emptied === shown ? '' : shown}
        onBlur={() => setEmptied(null)}
        onChange={({ target }) => {
          const isEmpty = target.value.trim() === '';
          setEmptied(isEmpty ? shown : null);
          if (!isEmpty) takeConfig(target.value);
        }}
        onPaste={(event) => {
          if (event.clipboardData.getData('text').length <= MOST_CHARACTERS) return;
          event.preventDefault(); // to lay it out would stall the page, and what was there stays
          refuse(TOO_LONG);
        }}
      />
      <p className={fields['field-note']}>
        Paste one here, or drop it anywhere on the page.
        {noRoom && ' It is too long for a link: whoever opens it has to paste the file too.'}
      </p>
    </Fold>
  );
}
