import { useId, useState } from 'react';
import { useKeptInSight } from '#ui/components/onScreen.ts';
import { useBench } from '../useBench.ts';
import { takeFiles } from './files.ts';
import { ImportProgress } from './ImportProgress.tsx';
import css from './runs.module.css';
import { ServingRead } from './ServingRead.tsx';
import { ShippedRuns } from './ShippedRuns.tsx';

/** Characters; to lay out a longer text takes the page seconds, so it is read without being shown. */
const MOST_SHOWN = 100_000;

const EXAMPLE = `#       size     count    type   redop    root     time   algbw   busbw
     1048576    262144   float     sum      -1    27.76   37.78   66.11  …`;

/** Takes a record from a file, a drop or the clipboard. */
export function ImportBox() {
  const id = useId();
  const importFrom = useBench((state) => state.importFrom);
  const problem = useBench((state) => state.importProblem);
  const [text, setText] = useState('');
  // A file may be dropped where nothing is seen of this box.
  const alert = useKeptInSight<HTMLDivElement>(problem);
  return (
    <div className={css['import']}>
      <p>
        <label className={`ghost ${css['file']}`}>
          <input
            type="file"
            multiple
            accept=".json,.jsonl,.csv,.txt,.log,.out,application/json,text/csv,text/plain"
            onChange={(event) => {
              void takeFiles([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          Import a run
        </label>{' '}
        or drop a file on the page: this page’s, <code>npm run bench</code>’s or <code>benchmark.py</code>’s;
        what nccl-tests, rccl-tests, gloo’s benchmark, OSU or a PyTorch benchmark printed; what vLLM or SGLang
        measured of serving. It is recognised by what is in it.
      </p>
      <details>
        <summary>Paste one instead</summary>
        <label htmlFor={id} className="visually-hidden">
          What a machine printed, or a record as JSON or CSV
        </label>
        <textarea
          id={id}
          rows={5}
          wrap="off"
          spellCheck={false}
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (pasted.length <= MOST_SHOWN) return;
            event.preventDefault();
            void importFrom(new Blob([pasted]), 'Pasted');
          }}
        />
        <button
          type="button"
          className="ghost"
          disabled={text.trim() === ''}
          onClick={() => {
            void importFrom(new Blob([text]), 'Pasted').then(
              // What cannot be read stays, to be mended; what was typed meanwhile, too.
              (read) => read && setText((now) => (now === text ? '' : now)),
            );
          }}
        >
          Read it
        </button>
      </details>
      <ShippedRuns />
      <ImportProgress />
      <ServingRead />
      <div ref={alert} role="alert" className={css['alert']}>
        {problem !== null && (
          <p className={css['problem']} data-part="import-problem">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}
