import { useRef } from 'react';
import { useStore } from 'zustand';
import type { TuningStore } from '#lab/tuning/store.ts';
import { isTuningOff, tuningStore } from '#lab/tuning/tuning.ts';
import { classOf, type ShapeClass, USUAL_CLASSES } from '#tuning/shapeClass.ts';
import type { TunedTable } from '#tuning/table.ts';
import { noWebGpu } from '#ui/components/devices.ts';
import { download } from '#ui/components/files.ts';
import gauge from '#ui/components/gauge.module.css';
import { Panel } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { clearMachine } from '#ui/page/machine.ts';
import { useBench } from '../useBench.ts';
import { className, TuningTable } from './TuningTable.tsx';
import css from './tuning.module.css';

const WHY =
  'A product of matrices can be made by several kernels, which add in the same order and give the same bits. Which is ' +
  'the fastest depends on the adapter and on the shape. Until it is measured here, it is guessed.';

/** Which kernel is the fastest here: measured at a click, kept, handed out, forgotten. */
export function TuningPanel() {
  const table = useTable();
  const opened = useTuning((state) => state.opened);
  const busy = useTuning((state) => state.phase !== 'idle');
  const failure = useTuning((state) => state.failure);
  const keepProblem = useTuning((state) => state.keepProblem);
  const missing = noWebGpu(null);
  return (
    <Panel
      title="Fastest kernels"
      hint="timed on this adapter, kept in this browser, and taken by the ranks of every page"
      className={css['tuning']}
    >
      <p className={`quiet pad ${css['words']}`}>
        <Defined text={missing ?? WHY} />
        {isTuningOff() && ' This page was opened with tuned=off: no rank takes what was measured.'}
      </p>
      <Buttons disabled={missing !== null} />
      <Progress />
      {failure !== null && (
        <p className={css['problem']} role="alert">
          {failure}
        </p>
      )}
      {keepProblem !== null && <p className={`quiet pad ${css['warn']}`}>{keepProblem}</p>}
      {table !== null && <TuningTable table={table} />}
      {table === null && opened && !busy && missing === null && (
        <p className={`quiet pad ${css['none']}`}>Nothing measured yet.</p>
      )}
    </Panel>
  );
}

function Buttons({ disabled }: { readonly disabled: boolean }) {
  const classes = useClasses();
  const table = useTable();
  const busy = useTuning((state) => state.phase !== 'idle');
  const tune = useTuning((state) => state.tune);
  const stop = useTuning((state) => state.stop);
  const clear = useTuning((state) => state.clear);
  const measuring = useBench((state) => state.phase !== 'idle');
  const main = useRef<HTMLButtonElement>(null);
  const start = () => {
    clearMachine();
    void tune(classes);
  };
  return (
    <div className="row gap-2 pad-below">
      {/* One button, whatever it does, so that it keeps the focus. */}
      <button
        ref={main}
        type="button"
        className="ghost"
        disabled={disabled || (measuring && !busy)}
        title={measuring ? 'A benchmark is running.' : undefined}
        onClick={busy ? stop : start}
      >
        {busy ? 'Stop tuning' : 'Tune the kernels'}
      </button>
      {table !== null && !busy && (
        <>
          <button
            type="button"
            className="ghost"
            onClick={() =>
              download('kernels.json', `${JSON.stringify(table, null, 2)}\n`, 'application/json')
            }
          >
            Download the table
          </button>
          <button
            type="button"
            className="ghost"
            onClick={() => {
              void clear();
              main.current?.focus(); // this button goes with the table
            }}
          >
            Forget what was measured
          </button>
        </>
      )}
    </div>
  );
}

function Progress() {
  const phase = useTuning((state) => state.phase);
  const progress = useTuning((state) => state.progress);
  if (phase === 'idle') return null;
  return (
    <div className={`row quiet middle pad-below ${css['progress']}`}>
      <progress
        className={gauge['gauge']}
        aria-label="Shapes measured"
        value={progress?.done ?? 0}
        max={progress?.total ?? 1}
      />
      <span>
        {progress === null || progress.current === null ? (
          'The adapter is being opened.'
        ) : (
          <>
            <span className="num">
              {progress.done + 1} / {progress.total}
            </span>{' '}
            compiling and timing <span className="num">{className(progress.current)}</span>
          </>
        )}
      </span>
    </div>
  );
}

/** The tuning of kernels, as components read it. One for all pages; it ends when a benchmark starts. */
function useTuning<T>(selector: (state: TuningStore) => T): T {
  return useStore(tuningStore(), selector);
}

/** The table that is shown: of the adapter here, once it is known, or the last that was measured. */
function useTable(): TunedTable | null {
  return useTuning(({ tables }) => tables[0] ?? null);
}

/** What a visitor asks for: the products of the controls, and the usual ones. */
function useClasses(): readonly ShapeClass[] {
  const shapes = useBench((state) => state.options.shapes);
  const asked = shapes.map(classOf).filter((cls) => cls !== null);
  return [...new Set([...USUAL_CLASSES, ...asked])];
}
