import { useDeferredValue, useMemo } from 'react';
import { useDrawn } from '../drawn.ts';
import { useBench } from '../useBench.ts';
import { BandwidthPanel } from './BandwidthPanel.tsx';
import { RoofPanel } from './RoofPanel.tsx';
import { ScalingPanel } from './ScalingPanel.tsx';
import { layersIn, openingLayer } from './scaling.ts';
import { TimePartsPanel } from './TimePartsPanel.tsx';

/** Four views of the run that is shown, and of those that are laid over it. */
export function Charts() {
  // A chart takes longer to draw than a small case takes to measure.
  const runs = useDeferredValue(useDrawn());
  const wanted = useBench((state) => state.view.layer);
  const layers = useMemo(() => layersIn(runs.flatMap(({ results }) => results)), [runs]);
  const opening = useMemo(() => openingLayer(runs), [runs]);
  const layer = layers.find(({ key }) => key === wanted) ?? layers.find(({ key }) => key === opening);
  return (
    <div className="page-two bench-two">
      <ScalingPanel runs={runs} layers={layers} layer={layer?.key ?? ''} />
      <TimePartsPanel runs={runs} layer={layer?.key ?? ''} layerLabel={layer?.label ?? ''} />
      <BandwidthPanel runs={runs} />
      <RoofPanel runs={runs} />
    </div>
  );
}
