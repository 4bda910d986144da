/** The check of a run in a line. */

import type { BenchResult } from '#bench/record.ts';
import { spreadOf } from '#lab/bench/spread.ts';
import type { RunHeader } from '#lab/bench/state.ts';
import { isMeasured } from '#lab/bench/trust.ts';
import { median } from '#numerics/statistics.ts';
import { counted } from '#ui/components/words.ts';
import type { Said } from '#ui/page/Lead.tsx';

export function verdictOf(results: readonly BenchResult[], state: RunHeader['state']): Said {
  const wrong = results.filter((result) => result.wrong > 0);
  const failed = results.filter((result) => !isMeasured(result));
  const measured = results.filter(isMeasured);
  const samples = median(measured.map(({ samplesMs }) => samplesMs.length));
  const spread = median(measured.map(spreadOf));
  const parts = [
    `${counted(results.length, 'cell')}, ${wrong.length} wrong`,
    ...(failed.length > 0 ? [`${failed.length} did not run`] : []),
    ...(measured.length > 0
      ? [`median of ${Math.round(samples)} samples`, `spread ${(100 * spread).toFixed(0)} %`]
      : []),
    ...(state === 'running' || state === 'complete' ? [] : [state]),
  ];
  return { pass: wrong.length === 0 && failed.length === 0, text: parts.join(' · ') };
}
