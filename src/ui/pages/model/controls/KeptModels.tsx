import { useCallback, useEffect, useState } from 'react';
import { sentenceOf } from '#base/errors.ts';
import { deleteAllKept, deleteKept, type KeptModels as Kept, keptModels } from '#lab/model/keptModels.ts';
import { Fold } from '#ui/components/Fold.tsx';
import { formatBytes } from '#ui/format.ts';
import { useModel } from '../useModel.ts';
import css from './controls.module.css';

/** The models whose weights this browser keeps: to load again without a network, or to delete. */
export function KeptModels() {
  const { kept, problem, act } = useKept();
  const change = useModel((state) => state.change);
  if (kept === null || (kept.models.length === 0 && problem === null)) return null;
  const all = kept.models.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Fold title="Kept in this browser" changed={formatBytes(all)}>
      <ul className={css['kept']}>
        {kept.models.map(({ url, name, bytes }) => (
          <li key={url}>
            <button
              type="button"
              className={`bare ${css['kept-name']}`}
              title={url}
              onClick={() => change({ model: url })}
            >
              {name}
            </button>
            <span className="num">{formatBytes(bytes)}</span>
            <button
              type="button"
              className="ghost"
              aria-label={`Delete ${name}`}
              onClick={() => act(() => deleteKept(url))}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
      {kept.quotaBytes !== null && (
        <small className="ink3">
          {formatBytes(kept.usageBytes ?? 0)} of the {formatBytes(kept.quotaBytes)} that the browser allows
          this page
        </small>
      )}
      {kept.models.length > 1 && (
        <button type="button" className="ghost" onClick={() => act(deleteAllKept)}>
          Delete all
        </button>
      )}
      {problem !== null && (
        <p className="bad tiny" role="alert">
          {problem}
        </p>
      )}
    </Fold>
  );
}

/** Read again whenever a model has come, and after what is deleted. */
function useKept() {
  const [kept, setKept] = useState<Kept | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const loaded = useModel((state) => state.loaded);
  const read = useCallback(async () => {
    try {
      setKept(await keptModels());
    } catch (thrown) {
      setProblem(sentenceOf(thrown));
    }
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has been loaded may have been kept
  useEffect(() => void read(), [read, loaded]);
  const act = (work: () => Promise<void>): void => {
    setProblem(null);
    work()
      .catch((thrown: unknown) => setProblem(sentenceOf(thrown)))
      .finally(() => void read());
  };
  return { kept, problem, act };
}
