import { useMemo } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import { type Progress, ringOf } from '#lab/split/timeline.ts';
import { bytesOf } from '#numerics/dtype.ts';
import { lengthOf } from '#numerics/ranges.ts';
import { formatBytes } from '#ui/format.ts';
import { holdingsAfter, movesOf, type Ring } from './holdings.ts';
import { RankBox } from './RankBox.tsx';
import { RingMoves } from './RingMoves.tsx';
import css from './ring.module.css';
import { ringLayout } from './ringLayout.ts';

interface RingPictureProps {
  readonly run: SplitRun;
  readonly progress: Progress;
  readonly width: number;
  /** The chunk that is outlined on every rank. */
  readonly followed?: number | null;
  /** It is to be no higher than so many pixels. */
  readonly most?: number;
  /** Pixels of a word. */
  readonly label?: number;
}

export function RingPicture({ run, progress, width, followed = null, most, label }: RingPictureProps) {
  const { plan } = run;
  const ring = useMemo((): Ring => ringOf(plan) ?? [], [plan]);
  const layout = useMemo(
    () => ringLayout(plan.config.worldSize, width, most, label),
    [plan, width, most, label],
  );
  const { moment, ringSteps, multiplied } = progress;
  const held = useMemo(() => holdingsAfter(ring, ringSteps), [ring, ringSteps]);
  const chunks = plan.collective?.chunks ?? [];
  const isEmpty = (chunk: number): boolean => chunks[chunk]?.start === chunks[chunk]?.end;
  const steps = moment.ringStep === undefined ? [] : (run.ringSteps[moment.ringStep] ?? []);
  const moves = moment.ringStep === undefined ? [] : movesOf(ring, moment.ringStep);
  const computed = multiplied === plan.products.length;
  const sums = plan.collective?.kind === 'all_reduce';
  const { centre } = layout;
  return (
    <svg
      className={css['picture']}
      width={layout.width}
      height={layout.height}
      role="img"
      aria-label={`${plan.config.worldSize} ranks on a ring, ${moment.label}. The table below has the numbers.`}
    >
      <RingMoves key={moment.ringStep} layout={layout} moves={moves} isEmpty={isEmpty} />
      {ring.map((_, rank) => (
        <RankBox
          // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
          key={rank}
          rank={rank}
          layout={layout}
          held={computed ? (held[rank] ?? null) : null}
          isEmpty={isEmpty}
          sums={sums}
          followed={followed}
          step={steps.find((step) => step.rank === rank)}
        />
      ))}
      <text className={css['phase']} x={centre.x} y={centre.y - 5} textAnchor="middle">
        {phaseOf(progress, computed, run)}
      </text>
      <text className={css['bytes']} x={centre.x} y={centre.y + 13} textAnchor="middle">
        {formatBytes(bytesOf(Math.max(...chunks.map(lengthOf)), 'f32'))}{' '}
        {most === undefined ? 'a chunk' : 'each'}
      </text>
    </svg>
  );
}

function phaseOf({ moment, ringSteps }: Progress, computed: boolean, run: SplitRun): string {
  if (moment.ringStep !== undefined) return moment.phase;
  if (!computed) return 'not yet';
  return ringSteps === run.ringSteps.length ? 'complete' : 'ready';
}
