/** The clock's line when no bar is chosen: what the scrubber's moment took. */

import type { SplitRun } from '#lab/split/run.ts';
import type { Moment } from '#lab/split/timeline.ts';
import type { TimeView } from '#ui/clock/timeAxis.ts';
import { formatMs } from '#ui/format.ts';

export function momentLabel(run: SplitRun, moment: Moment | undefined, time: TimeView): string {
  if (moment === undefined || moment.phase === 'done' || time.startMs === time.endMs) {
    return 'Point at a bar to see what it is. Mark a stretch of time with the pointer to zoom in.';
  }
  const from = formatMs(time.startMs - run.startMs);
  const took = formatMs(time.endMs - time.startMs);
  return `${moment.phase}, ${moment.label}: from ${from}, ${took} from the first rank’s start to the last one’s end`;
}
