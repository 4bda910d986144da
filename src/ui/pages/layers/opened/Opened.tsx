import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { shapeText } from '../flow/flowWords.ts';
import { useLayers, useOpenedRank } from '../useLayers.ts';
import { OpenedBody } from './OpenedBody.tsx';
import css from './opened.module.css';
import { toTsv } from './openedWords.ts';

interface OpenedProps {
  /** Puts it away, where it lies in the way of something. */
  readonly onClose?: () => void;
}

/** The values of a tensor, on each rank that has any. */
export function Opened({ onClose }: OpenedProps) {
  const run = useLayers((state) => state.run);
  const selected = useLayers((state) => state.selected);
  const opened = useLayers((state) => state.opened);
  const alive = useLayers((state) => state.alive);
  const phase = useLayers((state) => state.phase);
  const rerun = useLayers((state) => state.rerun);
  const select = useLayers((state) => state.select);
  const { rank: chosen } = useOpenedRank();
  const tensor = run?.plan.tensors.get(selected ?? run.plan.output);
  if (run === null || tensor === undefined) {
    return (
      <Panel title="Nothing selected" hint="the values of any tensor, on any rank">
        <p className={`stack gap-3 ink2 ${css['empty']}`}>
          Once the ranks have run, press a box of the flow to see its values: a tensor, a weight, an operation
          or a band. They come from the ranks, which keep them until the next run.
        </p>
      </Panel>
    );
  }
  const rank = Math.min(chosen, run.plan.worldSize - 1);
  const mine = opened?.id === tensor.id ? opened : null;
  const preview = mine?.ranks[rank]?.preview;
  const shape = shapeText(tensor.shapes[rank] ?? []);
  const note = tensor.notes[rank] ?? '';
  return (
    <Panel
      title={`${selected === null ? 'The output' : 'Selected'}: ${tensor.label} on rank ${rank}`}
      hint={<span className="num">{note === '' ? shape : `${shape}, ${note}`}</span>}
      action={
        <>
          {preview && <CopyButton label="Copy TSV" text={() => toTsv(preview)} />}
          {onClose && (
            <button type="button" className="ghost" onClick={onClose}>
              Close
            </button>
          )}
        </>
      }
    >
      {alive || mine !== null ? (
        <OpenedBody plan={run.plan} tensor={tensor} opened={mine} rank={rank} onSelect={select} />
      ) : (
        <div className={`stack gap-3 ink2 ${css['empty']}`}>
          <p>The ranks that held it have ended, and their tensors with them.</p>
          <button type="button" className="ghost" disabled={phase !== 'idle'} onClick={rerun}>
            Run again
          </button>
        </div>
      )}
    </Panel>
  );
}
