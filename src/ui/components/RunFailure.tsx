import type { RunState } from '#lab/runLoop.ts';
import { Failure } from './Failure.tsx';

/** What a page's store has, whatever else it has. */
interface Running<Params> extends RunState {
  readonly params: Params & { readonly device: string };
  readonly problem: string | null;
  readonly run: { readonly params: Params } | null;
  change(patch: { device: 'cpu' }): void;
  rerun(): void;
}

interface RunFailureProps<Params> {
  /** The page's selector hook. */
  readonly useStore: <T>(selector: (state: Running<Params>) => T) => T;
  readonly sameParams: (a: Params, b: Params) => boolean;
}

/** Shown where the last attempt failed, or was stopped before it had a result. */
export function RunFailure<Params>({ useStore, sameParams }: RunFailureProps<Params>) {
  const failure = useStore((state) => state.failure);
  const unfinished = useStore(
    ({ run, params, alive, problem, phase }) =>
      phase === 'idle' && problem === null && (run === null || (!alive && !sameParams(run.params, params))),
  );
  const hasRun = useStore((state) => state.run !== null);
  const device = useStore((state) => state.params.device);
  const change = useStore((state) => state.change);
  const rerun = useStore((state) => state.rerun);
  if (failure === null && !unfinished) return null;
  return (
    <Failure
      failure={failure}
      hasRun={hasRun}
      onCpu={device === 'cpu' ? null : () => change({ device: 'cpu' })}
      onRetry={rerun}
    />
  );
}
