import { type ComponentType, type ReactNode, useMemo, useState } from 'react';
import { type Kinds, sameParams } from '#lab/experiment.ts';
import { devicesInShort } from '#ui/components/devices.ts';
import { counted, type Sentence } from '#ui/components/words.ts';
import { Failure } from './Failure.tsx';
import css from './frame.module.css';
import { type KeyLine, KeysDialog } from './KeysDialog.tsx';
import { LeadText, LeadToCome, Proof, ProofToCome, RunStatus, type Said, Why } from './Lead.tsx';
import { PageFrame } from './PageFrame.tsx';
import type { ExperimentPageStore } from './pageStore.ts';
import { useStale } from './stale.tsx';

/** What a page's experiment is in words. */
export interface ExperimentWords<E extends Kinds> {
  /** Why it is done at all, with terms marked; whatever has happened. */
  readonly why: (params: E['params']) => string;
  /** Where to begin, for who has not begun. */
  readonly Start?: ComponentType;
  /** What happened, or will. */
  readonly sentence: (plan: E['plan'], params: E['params']) => Sentence;
  readonly verdict: (run: E['run']) => Said;
  /** How it was checked. */
  readonly Details: ComponentType<{ readonly run: E['run'] }>;
  /** What is chosen, in one line. */
  readonly summary: (params: E['params']) => ReactNode;
  readonly keys: readonly KeyLine[];
  /** At the foot of the page. */
  readonly foot: string;
}

interface ExperimentPageProps<E extends Kinds> {
  readonly store: ExperimentPageStore<E>;
  readonly words: ExperimentWords<E>;
  readonly controls: ReactNode;
  readonly children: ReactNode;
}

/** The page of an experiment: the sentence, its proof, what is under way or went wrong, and the panels of the run. */
export function ExperimentPage<E extends Kinds>({
  store,
  words,
  controls,
  children,
}: ExperimentPageProps<E>) {
  useState(store.open); // once, and before anything of the page is drawn
  const params = store.use((state) => state.params);
  const plan = store.use((state) => state.plan);
  const run = store.use((state) => state.run);
  const problem = store.use((state) => state.problem);
  const phase = store.use((state) => state.phase);
  const stop = store.use((state) => state.stop);
  const earlier = store.use(({ run, at }) => run !== null && at < store.experiment.lastMoment(run.plan));
  const stale = useStale(store);
  const idle = phase === 'idle';
  // Not anew with each change of what is chosen: a slider that is dragged makes many.
  const lead = useMemo(() => run && <LeadText {...words.sentence(run.plan, run.params)} />, [run, words]);
  const proof = useMemo(
    () =>
      run && (
        <Proof {...words.verdict(run)}>
          <words.Details run={run} />
        </Proof>
      ),
    [run, words],
  );
  const status = `${phase === 'running' ? 'Running' : 'Starting'} ${counted(params.ranks, 'rank')}`;
  return (
    <PageFrame
      why={<Why text={words.why(params)}>{words.Start !== undefined && <words.Start />}</Why>}
      lead={
        lead ??
        (problem !== null ? (
          <LeadText title="This link asks for something that cannot run" body={[problem]} />
        ) : (
          <LeadToCome
            status={idle ? 'Nothing has run yet' : status}
            busy={!idle}
            sentence={words.sentence(plan, params)}
          />
        ))
      }
      devices={run === null ? null : devicesInShort(run.devices)}
      proof={proof ?? (problem === null && <ProofToCome busy={!idle} />)}
      status={
        <>
          {stale !== null ? (
            <span className="chip">{stale}; this is of the run before</span>
          ) : (
            earlier && <span className="chip">That is the end of the run; the picture stands earlier</span>
          )}
          <RunStatus busy={!idle} onStop={stop}>
            {counted(params.ranks, 'rank')} {phase === 'starting' ? 'starting' : 'computing'}
          </RunStatus>
        </>
      }
      stale={stale !== null}
      failure={<RunFailure store={store} />}
      controls={controls}
      summary={words.summary(params)}
      wrong={problem !== null}
      foot={<KeysDialog lines={words.keys}>{words.foot}</KeysDialog>}
    >
      {children}
    </PageFrame>
  );
}

/** Shown where the last attempt failed, or was stopped before it had a result. */
function RunFailure<E extends Kinds>({ store }: { readonly store: ExperimentPageStore<E> }) {
  const failure = store.use((state) => state.failure);
  const unfinished = store.use(
    ({ run, params, alive, problem, phase }) =>
      phase === 'idle' &&
      problem === null &&
      (run === null || (!alive && !sameParams(store.experiment, run.params, params))),
  );
  const hasRun = store.use((state) => state.run !== null);
  const onCpu = store.use((state) => state.params.device === 'cpu');
  const change = store.use((state) => state.change);
  const rerun = store.use((state) => state.rerun);
  if (failure === null && !unfinished) return null;
  return (
    <Failure
      failure={failure}
      hasRun={hasRun}
      onCpu={onCpu ? null : () => change({ device: 'cpu' } as Partial<E['params']>)}
      onRetry={rerun}
    />
  );
}

interface NothingYetProps<E extends Kinds> {
  readonly store: ExperimentPageStore<E>;
}

/** In place of a picture of what never ran. */
export function NothingYet<E extends Kinds>({ store }: NothingYetProps<E>) {
  const cannotRun = store.use((state) => state.problem !== null);
  const change = store.use((state) => state.change);
  return (
    <div className={css['nothing']}>
      <p>Nothing has run yet, so there is nothing to draw.</p>
      {cannotRun && (
        <button type="button" className="ghost" onClick={() => change(store.experiment.defaults)}>
          Start from the defaults
        </button>
      )}
    </div>
  );
}
