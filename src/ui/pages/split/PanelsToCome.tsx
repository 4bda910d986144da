import { DEFAULT_PARAMS } from '#lab/split/params.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { useSplit } from './useSplit.ts';
import './panelsToCome.css';

/** Before the first result: panels as large as those that will stand here, so that nothing jumps. */
export function PanelsToCome() {
  const busy = useSplit((state) => state.phase !== 'idle');
  const cannotRun = useSplit((state) => state.problem !== null);
  const change = useSplit((state) => state.change);
  return (
    <>
      <Panel title="The product" {...(busy && { className: 'product-to-come' })}>
        {busy ? (
          <p className="panel-to-come">The matrices are drawn once the ranks have multiplied them.</p>
        ) : (
          <div className="panel-to-come">
            <p>Nothing has run yet, so there is nothing to draw.</p>
            {cannotRun && (
              <button type="button" className="ghost" onClick={() => change(DEFAULT_PARAMS)}>
                Start from the defaults
              </button>
            )}
          </div>
        )}
      </Panel>
      {busy && (
        <div className="page-two split-ring">
          <Panel title="The ring" className="ring-to-come">
            {null}
          </Panel>
          <Panel title="The clock" className="ring-to-come">
            {null}
          </Panel>
        </div>
      )}
    </>
  );
}
