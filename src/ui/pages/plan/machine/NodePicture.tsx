import type { CSSProperties } from 'react';
import type { Answer } from '#lab/plan/answer.ts';
import { formatBytes } from '#ui/format.ts';
import { MEMORY_PARTS } from '../parts.ts';
import { gigabytes } from '../words.ts';
import css from './machine.module.css';

interface NodePictureProps {
  readonly node: number;
  readonly answer: Answer;
}

/** The GPUs of a node, each with what it holds; those that the layout does not need are empty. */
export function NodePicture({ node, answer }: NodePictureProps) {
  const { machine } = answer.question;
  const { perNode, nodes } = machine;
  const first = node * perNode;
  const used = Math.max(0, Math.min(perNode, answer.plan.gpus - first));
  return (
    <figure className={css['node']}>
      <figcaption>
        {nodes === 1 ? 'The node' : `Node ${node}`}: {perNode} × {machine.gpu.label}
        {used < perNode && `, ${perNode - used} free`}
      </figcaption>
      <div className={css['gpus']}>
        {Array.from({ length: perNode }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the GPU
          <GpuPicture key={i} gpu={first + i} answer={answer} />
        ))}
      </div>
      {perNode > 1 && <LinkBand answer={answer} used={used} />}
    </figure>
  );
}

interface LinkBandProps {
  readonly answer: Answer;
  /** GPUs of the node that the layout takes. */
  readonly used: number;
}

/** What joins the GPUs, and what each of them sends over it. */
function LinkBand({ answer: { plan, question }, used }: LinkBandProps) {
  const { gpu, fabric } = question.machine;
  const name = fabric.lineGBs === null ? gpu.linkName : fabric.label;
  const busy = used > 1 && plan.step.sentBytes > 0;
  return (
    <div className={css['band']} data-busy={busy || undefined}>
      {name}: {busy ? `${formatBytes(plan.step.sentBytes)} from each GPU a step` : 'nothing is sent'}
    </div>
  );
}

interface GpuPictureProps {
  readonly gpu: number;
  readonly answer: Answer;
}

/** Tensor-parallel neighbours lie side by side, then the stages, then the copies. */
function GpuPicture({ gpu, answer: { plan, question } }: GpuPictureProps) {
  const { tensor, pipeline, data, gpus, memory } = plan;
  const most = Math.max(question.machine.gpu.memoryGB, memory.total);
  if (gpu >= gpus) {
    return (
      <div className={css['gpu']} data-free="true">
        <div className={css['memory']} role="img" aria-label={`GPU ${gpu}: free`} />
        <span>free</span>
      </div>
    );
  }
  const rank = gpu % tensor;
  const stage = Math.floor(gpu / tensor) % pipeline;
  const copy = Math.floor(gpu / (tensor * pipeline));
  const spoken = MEMORY_PARTS.map(({ part, label }) => `${label} ${gigabytes(memory[part])}`).join(', ');
  const names = [`TP ${rank}`, ...(pipeline > 1 ? [`PP ${stage}`] : []), ...(data > 1 ? [`DP ${copy}`] : [])];
  return (
    <div className={css['gpu']} data-rank={rank % 8} data-over={!plan.fits || undefined}>
      <div
        className={css['memory']}
        role="img"
        aria-label={`GPU ${gpu}, ${names.join(', ')}: ${spoken}`}
        title={spoken}
        style={{ '--has': question.machine.gpu.memoryGB / most } as CSSProperties}
      >
        {MEMORY_PARTS.map(({ part }) => (
          <i key={part} data-memory={part} style={{ height: `${(100 * memory[part]) / most}%` }} />
        ))}
      </div>
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </div>
  );
}
