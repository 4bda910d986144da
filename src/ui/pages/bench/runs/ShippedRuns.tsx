import { sentenceOf } from '#base/errors.ts';
import { fetchShipped, SHIPPED, type ShippedRun } from '#lab/bench/shipped.ts';
import { useBench } from '../useBench.ts';
import css from './runs.module.css';

/** Runs of other machines that come with the page, to be laid over this one's. */
export function ShippedRuns() {
  const importFrom = useBench((state) => state.importFrom);
  const setImportProblem = useBench((state) => state.setImportProblem);
  const take = async (run: ShippedRun): Promise<void> => {
    try {
      await importFrom(await fetchShipped(run), run.name);
    } catch (thrown) {
      setImportProblem(sentenceOf(thrown));
    }
  };
  return (
    <details>
      <summary>Take one that comes with the page</summary>
      <ul className={`stack gap-2 unmarked ${css['shipped']}`}>
        {SHIPPED.map((run) => (
          <li key={run.file}>
            <button
              type="button"
              className="ghost"
              aria-label={`Take ${run.name}`}
              onClick={() => void take(run)}
            >
              Take
            </button>
            <span>
              <b>{run.name}</b>: {run.machine}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
