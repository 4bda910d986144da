import './problem.css';

interface ProblemProps {
  /** For aria-describedby of the field that is wrong. */
  readonly id: string;
  /** Why the parameters cannot run, and what would; null where they can. */
  readonly problem: string | null;
  readonly hasRun: boolean;
}

/** The last good run stays on the page meanwhile. */
export function Problem({ id, problem, hasRun }: ProblemProps) {
  return (
    <div role="alert" id={id} className="problem" hidden={problem === null}>
      {problem !== null && (
        <p>
          {problem} {hasRun && <span>The picture still shows the last run.</span>}
        </p>
      )}
    </div>
  );
}
