import { useDeferredValue, useMemo } from 'react';
import { useDrawn } from '../drawn.ts';
import { useBench } from '../useBench.ts';
import { BandwidthPanel } from './BandwidthPanel.tsx';
import { RoofPanel } from './RoofPanel.tsx';
import { ScalingPanel } from './ScalingPanel.tsx';
import { layersIn } from './scaling.ts';
import { TimePartsPanel } from './TimePartsPanel.tsx';

/** Four views of the run that is shown, and of those that are laid over it. */
export function Charts() {
  // A chart takes longer to draw than a small case takes to measure.
  const runs = useDeferredValue(useDrawn());
  const wanted = useBench((state) => state.view.layer);
  const layers = useMemo(() => layersIn(runs.flatMap(({ results }) => results)), [runs]);
  // The run that is shown comes first, then what was laid over it.
  const own = layersIn(runs.filter(({ overlay }) => !overlay).flatMap(({ results }) => results));
  const offered = own.length > 0 ? own : layers;
  const layer =
    layers.find(({ key }) => key === wanted) ??
    offered.find(({ key }) => key.startsWith('row_linear')) ??
    offered[0];
  return (
    <div className="bench-two">
      <ScalingPanel runs={runs} layers={layers} layer={layer?.key ?? ''} />
      <TimePartsPanel runs={runs} layer={layer?.key ?? ''} layerLabel={layer?.label ?? ''} />
      <BandwidthPanel runs={runs} />
      <RoofPanel runs={runs} />
    </div>
  );
}
