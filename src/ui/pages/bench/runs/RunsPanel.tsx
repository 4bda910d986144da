import { MOST_OVERLAYS } from '#lab/bench/state.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { useMoreEachFrame } from '#ui/components/useInTurn.ts';
import table from '../table/table.module.css';
import { useBench } from '../useBench.ts';
import { ImportBox } from './ImportBox.tsx';
import { RunRow } from './RunRow.tsx';
import css from './runs.module.css';

/** Runs of earlier and of other machines: shown, laid over, compared, renamed, forgotten. */
export function RunsPanel() {
  const runs = useBench((state) => state.runs);
  const opened = useBench((state) => state.opened);
  const keepProblem = useBench((state) => state.keepProblem);
  const drawn = useMoreEachFrame(runs.length, 20);
  return (
    <Panel
      title="Runs"
      hint={`kept in this browser; tick up to ${MOST_OVERLAYS} to lay them over the charts`}
      className={css['runs-panel']}
    >
      <ImportBox />
      {keepProblem !== null && <p className={css['keep']}>{keepProblem}</p>}
      {runs.length === 0 ? (
        <p className={table['empty']}>{opened ? 'No run yet.' : 'Reading what was kept …'}</p>
      ) : (
        <ScrollRegion label="Runs, table">
          <table className={`table ${css['runs']}`}>
            <thead>
              <tr>
                <th scope="col">run</th>
                <th scope="col">when</th>
                <th scope="col">on</th>
                <th scope="col">cells</th>
                <th scope="col">laid over</th>
                <th scope="col" className={css['actions']}>
                  actions
                </th>
              </tr>
            </thead>
            <tbody>
              {runs.slice(0, drawn).map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}
