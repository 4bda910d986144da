import { type DragEvent, useState } from 'react';
import { presets } from '../../../../math/plans/presets.ts';
import { Panel } from '../../../components/Panel.tsx';
import { ModelAnswer } from './ModelAnswer.tsx';
import { usePaste } from './usePaste.ts';
import './paste.css';

/** Whose model it may be: its config.json says what each number of ranks would cost, and who would run it. */
export function PasteBox() {
  const text = usePaste((state) => state.text);
  const problem = usePaste((state) => state.problem);
  const model = usePaste((state) => state.model);
  const setText = usePaste((state) => state.setText);
  const takePreset = usePaste((state) => state.takePreset);
  const [over, setOver] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    setText(file === undefined ? event.dataTransfer.getData('text') : await file.text());
  };
  return (
    <Panel title="Your model" hint="paste its config.json, or drop the file" className="paste-panel">
      <div className="paste-input">
        <textarea
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
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => void drop(event)}
        />
        <fieldset className="paste-presets">
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
        <div role="alert" id="paste-problem" className="problem" hidden={problem === null}>
          {problem !== null && <p>{problem}</p>}
        </div>
      </div>
      {model !== null && <ModelAnswer model={model} />}
    </Panel>
  );
}
