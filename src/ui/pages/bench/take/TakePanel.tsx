import { useMemo, useState } from 'react';
import { sentenceOf } from '#base/errors.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { download } from '#ui/components/files.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import css from '../bench.module.css';
import table from '../table/table.module.css';
import { useBench } from '../useBench.ts';
import { filledIn, takeAway } from './command.ts';

/** The same cells on real processes: the script with what is chosen, and the line that starts it. */
export function TakePanel() {
  const options = useBench((state) => state.options);
  const problem = useBench((state) => state.problem);
  const taken = useMemo(() => takeAway(options), [options]);
  const [failure, setFailure] = useState<string | null>(null);
  const save = async () => {
    try {
      const answer = await fetch('torch/benchmark.py');
      if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
      download('benchmark.py', filledIn(await answer.text(), taken), 'text/x-python');
      setFailure(null);
    } catch (thrown) {
      setFailure(`benchmark.py cannot be fetched: ${sentenceOf(thrown)}`);
    }
  };
  const usable = problem === null && taken.command !== '';
  return (
    <Panel
      title="Take it to a cluster"
      hint="the same cells in PyTorch, on gloo or NCCL; import its run.json to lay it over"
      className={css['take']}
    >
      {usable ? (
        <ScrollRegion label="Command line">
          <pre>
            <code>{taken.command}</code>
          </pre>
        </ScrollRegion>
      ) : (
        <p className={table['empty']}>Choose the ring or the layers; kernels of one rank stay here.</p>
      )}
      <p className={`row quiet middle gap-2 pad-foot ${css['take-foot']}`}>
        <button type="button" className="ghost" disabled={!usable} onClick={() => void save()}>
          Download benchmark.py
        </button>
        {usable && <CopyButton label="Copy the command" text={() => taken.command} />}
        <span>
          {failure ?? `The script has these as its defaults and needs nothing but PyTorch. ${taken.note}`}
        </span>
      </p>
    </Panel>
  );
}
