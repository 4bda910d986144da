import { useMemo } from 'react';
import { Scrubber } from '#ui/components/scrubber/Scrubber.tsx';
import { useLayers } from '../useLayers.ts';
import { groupsOf, momentOf, segmentsOf } from './stepParts.ts';

/** Goes through the steps of the run: the picture and the clock follow. */
export function Steps() {
  const planned = useLayers((state) => state.plan);
  const run = useLayers((state) => state.run);
  const at = useLayers((state) => state.at);
  const playing = useLayers((state) => state.playing);
  const seek = useLayers((state) => state.seek);
  const step = useLayers((state) => state.step);
  const play = useLayers((state) => state.play);
  const pause = useLayers((state) => state.pause);
  const plan = run?.plan ?? planned;
  const segments = useMemo(() => segmentsOf(plan), [plan]);
  const groups = useMemo(() => groupsOf(plan), [plan]);
  const moment = useMemo(() => (run === null ? null : momentOf(plan, at)), [plan, run, at]);
  return (
    <Scrubber
      segments={segments}
      groups={groups}
      at={Math.min(at, segments.length - 1)}
      playing={playing}
      disabled={run === null}
      moment={moment}
      actions={{ seek, step, play, pause }}
    />
  );
}
