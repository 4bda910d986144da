import { useMemo } from 'react';
import { Scrubber as ScrubberView } from '#ui/components/scrubber/Scrubber.tsx';
import { groupsOf, segmentsOf } from './scrubberParts.ts';
import { useSplit } from './useSplit.ts';

/** Moves the picture, the ring, the clock's cursor and the line of code together. */
export function Scrubber() {
  const timeline = useSplit((state) => state.run?.timeline ?? null);
  const at = useSplit((state) => state.at);
  const playing = useSplit((state) => state.playing);
  const seek = useSplit((state) => state.seek);
  const step = useSplit((state) => state.step);
  const play = useSplit((state) => state.play);
  const pause = useSplit((state) => state.pause);
  const segments = useMemo(() => segmentsOf(timeline ?? []), [timeline]);
  const groups = useMemo(() => groupsOf(timeline ?? []), [timeline]);
  return (
    <ScrubberView
      segments={segments}
      groups={groups}
      at={at}
      playing={playing}
      disabled={timeline === null}
      moment={timeline?.[at] ?? null}
      actions={{ seek, step, play, pause }}
    />
  );
}
