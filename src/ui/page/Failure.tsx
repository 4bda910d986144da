import type { LabErrorCode } from '#base/errors.ts';
import css from './failure.module.css';

type FailureCode = LabErrorCode | 'unknown';

const TITLES: Readonly<Record<FailureCode, string>> = {
  environment: 'The ranks cannot run here',
  memory: 'The browser has no room for the ranks',
  input: 'The ranks cannot run this',
  device: 'A device failed',
  'rank-failed': 'A rank failed',
  deadline: 'A rank did not arrive in time',
  mismatch: 'Two ranks called different collectives',
  interrupted: 'The run was interrupted',
  closed: 'Stopped',
  unknown: 'The run failed',
};

interface FailureProps {
  /** Null where the visitor stopped it: no failure. */
  readonly failure: { readonly code: FailureCode; readonly message: string } | null;
  readonly hasRun: boolean;
  /** What is left, in a sentence, where that is no run. */
  readonly rest?: string;
  /** Asks for the CPU; null where the ranks are on it already. */
  readonly onCpu: (() => void) | null;
  readonly onRetry: () => void;
}

/** What a rank threw may have no stop, and another sentence follows. */
function sentence(message: string | undefined): string | undefined {
  return message === undefined || /[.!?…”]$/.test(message) ? message : `${message}.`;
}

/** Why the last attempt gave no result, and a way to try again. */
export function Failure({ failure, hasRun, rest, onCpu, onRetry }: FailureProps) {
  const isFault = failure !== null && failure.code !== 'interrupted';
  return (
    <div className={css['failure']} role="alert" data-stopped={!isFault || undefined}>
      <p>
        <strong className={css['title']}>{failure === null ? 'Stopped' : TITLES[failure.code]}.</strong>{' '}
        {sentence(failure?.message) ??
          (rest === undefined && (hasRun ? 'What is chosen has not run.' : 'There is no result yet.'))}{' '}
        {rest ?? (hasRun && 'The page still shows the last run.')}
      </p>
      {failure?.code === 'environment' && onCpu !== null && (
        <button type="button" className="ghost" onClick={onCpu}>
          Use the CPU
        </button>
      )}
      <button type="button" className="ghost" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
