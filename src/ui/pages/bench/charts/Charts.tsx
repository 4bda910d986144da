import { type ComponentType, useMemo } from 'react';
import { useInTurn } from '#ui/components/useInTurn.ts';
import frame from '#ui/page/frame.module.css';
import bench from '../bench.module.css';
import { standIn, useDrawn } from '../drawn.ts';
import { useBench } from '../useBench.ts';
import { BandwidthPanel } from './BandwidthPanel.tsx';
import { RoofPanel } from './RoofPanel.tsx';
import { ScalingPanel } from './ScalingPanel.tsx';
import { type Drawn, drawnOf } from './scaling.ts';
import { TimePartsPanel } from './TimePartsPanel.tsx';

/** Four views of the run that is shown, and of those that are laid over it. */
export function Charts() {
  const runs = useInTurn(useDrawn());
  const drawn = useMemo(() => drawnOf(runs), [runs]);
  return (
    <>
      <OfAnother />
      <div className={`${frame['two']} ${bench['two']}`}>
        <InTurn panel={ScalingPanel} drawn={drawn} />
        <InTurn panel={TimePartsPanel} drawn={drawn} />
        <InTurn panel={BandwidthPanel} drawn={drawn} />
        <InTurn panel={RoofPanel} drawn={drawn} />
      </div>
    </>
  );
}

/** Whose run the charts draw while there is none of this machine. */
function OfAnother() {
  const run = useBench(standIn)?.run;
  if (run === undefined) return null;
  return (
    <p className={bench['another']}>
      Not of this machine, which has not run yet: <b>{run.name}</b>, {run.machine}.
    </p>
  );
}

interface InTurnProps {
  readonly panel: ComponentType<{ readonly drawn: Drawn }>;
  readonly drawn: Drawn;
}

function InTurn({ panel: Panel, drawn }: InTurnProps) {
  return <Panel drawn={useInTurn(drawn)} />;
}
