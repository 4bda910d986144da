import { useId, useRef, useState } from 'react';
import { PICKED, SHIPPED } from '#lab/model/params.ts';
import fields from '#ui/components/fields.module.css';
import { Select } from '#ui/components/Select.tsx';
import { modelLabel } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import css from './controls.module.css';

/** The model: the one that comes with the page, an address, or files. */
export function ModelField() {
  const id = useId();
  const model = useModel((state) => state.params.model);
  const change = useModel((state) => state.change);
  const [asking, setAsking] = useState(false);
  const known = model === SHIPPED || model === PICKED ? [] : [model];
  return (
    <div className={fields['above']}>
      <label htmlFor={id}>Model</label>
      <Select
        id={id}
        value={model}
        options={[
          { value: SHIPPED, label: 'Stories, 1.4 M parameters (here)' },
          ...(model === PICKED ? [{ value: PICKED, label: 'Your files' }] : []),
          ...known.map((value) => ({ value, label: modelLabel(value) })),
        ]}
        onChange={(value) => change({ model: value })}
      />
      <div className={css['sources']}>
        <button type="button" className="ghost" aria-expanded={asking} onClick={() => setAsking(!asking)}>
          From an address
        </button>
        <PickButton label="From files" spoken="Files of a model" />
        {PICKS_FOLDERS && <PickButton label="From a folder" spoken="Folder of a model" folder />}
      </div>
      {asking && <AddressForm onDone={() => setAsking(false)} />}
      <Needs />
    </div>
  );
}

/** A folder behind a URL. */
function AddressForm({ onDone }: { readonly onDone: () => void }) {
  const id = useId();
  const change = useModel((state) => state.change);
  const [text, setText] = useState('');
  return (
    <form
      className={css['address']}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        change({ model: text.trim() });
        onDone();
      }}
    >
      <label htmlFor={id}>Address of a Hugging Face folder</label>
      <input
        id={id}
        className={fields['text']}
        type="text"
        inputMode="url"
        spellCheck={false}
        placeholder="https://huggingface.co/org/model"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="ghost">
        Load
      </button>
    </form>
  );
}

/** Phones may have no folders to pick. */
const PICKS_FOLDERS = 'webkitdirectory' in HTMLInputElement.prototype;

interface PickButtonProps {
  readonly label: string;
  readonly spoken: string;
  /** Whether a folder is picked, of which those of its files are taken that lie right in it. */
  readonly folder?: boolean;
}

/** Files, picked by hand. */
function PickButton({ label, spoken, folder = false }: PickButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const pick = useModel((state) => state.pick);
  return (
    <>
      <button type="button" className="ghost" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        {...(folder ? { webkitdirectory: '' } : { accept: '.json,.safetensors,.jinja' })}
        aria-label={spoken}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          if (files.length > 0) pick(files.filter((file) => !isWithinFolder(file)));
          target.value = ''; // the same ones can be picked again
        }}
      />
    </>
  );
}

/** Whether it lies in a folder of the one that was picked: "model/onnx/config.json". */
function isWithinFolder({ webkitRelativePath }: File): boolean {
  return webkitRelativePath.split('/').length > 2;
}

function Needs() {
  return (
    <p className={fields['field-note']}>
      Llama, Mistral, Mixtral, Qwen2, Qwen3 and Qwen3-MoE, as safetensors in F32, F16 or BF16. Files, or their
      folder, may be dropped on the page: config.json, tokenizer.json and model.safetensors.
    </p>
  );
}
