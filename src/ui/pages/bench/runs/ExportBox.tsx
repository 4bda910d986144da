import { useState } from 'react';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { download } from '#ui/components/files.ts';
import { Segmented } from '#ui/components/Options.tsx';
import controls from '../controls/controls.module.css';
import { useResults, useShown } from '../useBench.ts';
import { exportFile, FORMATS, type Format } from './files.ts';
import css from './runs.module.css';

const LABELS = { json: 'JSON', csv: 'CSV', md: 'Markdown' } as const;

/** What is shown, to copy or to keep. */
export function ExportBox() {
  const header = useShown();
  const results = useResults();
  const [format, setFormat] = useState<Format>('json');
  if (header === null || results.length === 0) return null;
  const save = () => {
    const { name, text, type } = exportFile(header, results, format);
    download(name, text, type);
  };
  return (
    <div className={`stack gap-2 ruled ${css['export']}`}>
      <Segmented
        label="Results as"
        value={format}
        options={FORMATS.map((value) => ({ value, label: LABELS[value] }))}
        onChange={setFormat}
      />
      <div className={`stack gap-2 ${controls['buttons']}`}>
        <CopyButton label="Copy" text={() => exportFile(header, results, format).text} />
        <button type="button" className="ghost" onClick={save}>
          Download
        </button>
      </div>
    </div>
  );
}
