import { useDeferredValue } from 'react';
import { useLayers } from '../useLayers.ts';
import { FlowView } from './FlowView.tsx';

/** The run of the Layers page as a picture, at the scrubber's moment. */
export function Flow() {
  // Hundreds of boxes, after what is nearer to the hand; and in pieces, so that none of it holds up the page.
  const run = useDeferredValue(useLayers((state) => state.run));
  const planned = useDeferredValue(useLayers((state) => state.plan));
  const at = useLayers((state) => state.at);
  const selected = useLayers((state) => state.selected);
  const select = useLayers((state) => state.select);
  return <FlowView plan={run?.plan ?? planned} run={run} at={at} selected={selected} onSelect={select} />;
}
