import { useCallback, useRef } from 'react';
import { presets } from '#models/presets.ts';
import { useDrop } from '#ui/components/files.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { ProblemText } from '#ui/page/RunFields.tsx';
import { ModelAnswer } from './ModelAnswer.tsx';
import css from './paste.module.css';
import { MOST_CHARACTERS, TOO_LONG, takeFiles, usePaste } from './pasteStore.ts';

/** Whose model it may be: its config.json says what each number of ranks would cost, and who would run it. */
export function PasteBox() {
  const text = usePaste((state) => state.text);
  const problem = usePaste((state) => state.problem);
  const model = usePaste((state) => state.model);
  const setText = usePaste((state) => state.setText);
  const takePreset = usePaste((state) => state.takePreset);
  const refuse = usePaste((state) => state.refuse);
  const input = useRef<HTMLTextAreaElement>(null);
  const take = useCallback(
    (files: readonly File[]) => {
      input.current?.scrollIntoView({ block: 'nearest' }); // the drop may have been far away from it
      void takeFiles(files, { setText, refuse });
    },
    [setText, refuse],
  );
  const { over } = useDrop(take);
  return (
    <Panel title="Your model" hint="paste its config.json, or drop the file anywhere on the page">
      <div className={css['input']}>
        <textarea
          ref={input}
          aria-label="config.json of a model"
          aria-invalid={problem !== null}
          aria-describedby="paste-problem"
          className="num"
          rows={model === null ? 7 : 5}
          spellCheck={false}
          autoComplete="off"
          placeholder={'{\n  "architectures": ["LlamaForCausalLM"],\n  "hidden_size": 2048, …'}
          value={text}
          data-over={over || undefined}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            if (event.clipboardData.getData('text').length <= MOST_CHARACTERS) return;
            event.preventDefault(); // to lay it out would stall the page, and what was there stays
            refuse(TOO_LONG);
          }}
        />
        <fieldset className={css['presets']}>
          <legend>or take</legend>
          {presets.map(({ id, label }) => (
            <button key={id} type="button" className="ghost" onClick={() => takePreset(id)}>
              {label}
            </button>
          ))}
          {text !== '' && (
            <button type="button" className="ghost" onClick={() => setText('')}>
              Clear
            </button>
          )}
        </fieldset>
        <ProblemText id="paste-problem" problem={problem} hasRun={false} />
      </div>
      {model !== null && <ModelAnswer model={model} />}
    </Panel>
  );
}
