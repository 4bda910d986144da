/** The verdict on a run in words: what was predicted, what was measured, and whether the result is right. */

import type { LayerRun } from '#lab/layers/run.ts';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatCount, formatError, formatRatio } from '#ui/format.ts';
import type { Said } from '#ui/page/Lead.tsx';
import { type CollectiveGroup, grouped, groupInWords } from './collectiveWords.ts';

export function verdictOf({
  verdict,
  predicted,
  measured,
}: Pick<LayerRun, 'verdict' | 'predicted' | 'measured'>): Said {
  const { asPlanned, check, sameBits } = verdict;
  const parts = [
    collectives(grouped(predicted[0]?.collectives ?? []), grouped(measured[0]?.collectives ?? [])),
    ...(asPlanned ? [] : [deviations(verdict)]),
    check.pass
      ? `equals the unsplit layer ${check.maxAbsError === 0 ? 'exactly' : `within ${formatError(check.maxAbsError)}`}`
      : `differs from the unsplit layer by ${formatError(check.maxAbsError)}, ${formatRatio(check.maxAbsError / check.tolerance)} the tolerance`,
    ...bits(sameBits, predicted.length),
  ];
  return { pass: asPlanned && check.pass && sameBits !== false, text: parts.join(' · ') };
}

/** "Predicted 1 all-reduce of 256 KiB, measured 1 of 256 KiB" */
function collectives(planned: readonly CollectiveGroup[], done: readonly CollectiveGroup[]): string {
  const said = wordsOf(planned);
  if (wordsOf(done) !== said) return `Predicted ${said}, measured ${wordsOf(done)}`;
  const [only, ...others] = done;
  if (only === undefined || others.length > 0) return `Predicted ${said}, measured the same`;
  return `Predicted ${said}, measured ${formatCount(only.count)} of ${formatBytes(only.bytes)}`;
}

function wordsOf(groups: readonly CollectiveGroup[]): string {
  return groups.length === 0 ? 'no collective' : groups.map(groupInWords).join(' and ');
}

function deviations({ steps, sums }: LayerRun['verdict']): string {
  const parts = [
    ...(steps.length > 0 ? [counted(steps.length, 'step')] : []),
    ...(sums.length > 0 ? [counted(sums.length, 'sum')] : []),
  ];
  return `not as planned in ${parts.join(' and ')}`;
}

function bits(sameBits: boolean | null, worldSize: number): string[] {
  if (worldSize === 1) return [];
  if (sameBits === null) return ['each rank holds tokens of its own'];
  return [sameBits ? 'same bits on all ranks' : 'not the same bits on all ranks'];
}
