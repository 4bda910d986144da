/** An answer in words. */

import type { Answer } from '#lab/plan/answer.ts';
import { gpusOf, type Layout } from '#planner/layout.ts';
import type { Limit, Plan, Serving } from '#planner/plan.ts';
import type { Question } from '#planner/question.ts';
import type { Target } from '#planner/search.ts';
import { counted, numberWord, type Phrase, type Sentence } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';

export const WHY =
  'A model that is too large or too slow for one GPU is laid over several ([[rank]]s): by tensor parallelism (TP) each layer is cut over them, by pipeline parallelism (PP) the layers are dealt out to stages, by expert parallelism (EP) the experts of a mixture; data parallelism (DP) makes copies of it all. This page counts a model’s weights and says what fits your machines, and how fast.';

/** "TP 4 × PP 2", and only what is there. */
export function layoutInShort({ tensor, pipeline, expert, data }: Layout): string {
  const parts = [
    `TP ${tensor}`,
    ...(pipeline > 1 ? [`PP ${pipeline}`] : []),
    ...(expert > 1 ? [`EP ${expert}`] : []),
    ...(data > 1 ? [`DP ${data}`] : []),
  ];
  return parts.join(' × ');
}

/** What is found, in a sentence with its figures. */
export function sentenceOf({ question, plan, target, chosen, plans, needed }: Answer): Sentence {
  const { model, machine } = question;
  const { gpu } = machine;
  const where = placeOf(plan, machine.perNode);
  if (!plan.fits) {
    const none = plans.every(({ fits }) => !fits);
    const needs = `${gigabytes(plan.memory.total)} a GPU`;
    return {
      title: none
        ? `${model.name} does not fit on ${counted(machine.nodes * machine.perNode, 'GPU')} of this kind`
        : `${layoutInShort(plan)} ${where} does not fit`,
      body: [
        { strong: needs },
        ` would be needed, and ${gpu.label} has ${gigabytes(gpu.memoryGB)}: `,
        { strong: `${gigabytes(plan.memory.weights)} of weights` },
        `, ${plan.serving === null ? `${gigabytes(plan.memory.states)} of gradients and optimizer` : `${gigabytes(plan.memory.cache)} of cache`}, and what the engine keeps. ${needed === null ? '' : `${counted(gpusOf(needed), 'such GPU')} would do. `}${waysOut(plan)}`,
      ],
    };
  }
  const figures = plan.serving === null ? trained(plan, question) : served(plan, plan.serving, question);
  const best = chosen === null || plan === plans[0] ? ` ${BEST[target]}` : '';
  return {
    title: `${layoutInShort(plan)} ${where}: ${found(plan, target)}`,
    body: [...figures, ` ${LIMITS[plan.limit]}`, best],
  };
}

function served(plan: Plan, serving: Serving, { machine, load }: Question): Phrase[] {
  const tokens = (load.prompt + load.answer).toLocaleString('en');
  return [
    { strong: gigabytes(plan.memory.total) },
    ` of ${gigabytes(machine.gpu.memoryGB)} a GPU, room for `,
    { strong: counted(serving.room, 'sequence') },
    ` of ${tokens} tokens. ${counted(load.sequences, 'sequence')} at once: `,
    { strong: `${rate(plan.tokensPerSecond)} tokens a second` },
    ` in all, with the time that prompts take, and ${rate(serving.tokensPerSecondOfOne)} each while they are written; the first token takes `,
    { strong: formatMs(serving.firstTokenMs) },
    '.',
  ];
}

function trained(plan: Plan, { machine, load }: Question): Phrase[] {
  return [
    { strong: gigabytes(plan.memory.total) },
    ` of ${gigabytes(machine.gpu.memoryGB)} a GPU. A step of ${counted(load.sequences, 'sequence')} takes `,
    { strong: formatMs(plan.step.totalMs) },
    `, which is `,
    { strong: `${rate(plan.tokensPerSecond / plan.gpus)} tokens a second a GPU` },
    plan.step.idleShare > 0 ? `; stages wait for ${Math.round(100 * plan.step.idleShare)} % of it.` : '.',
  ];
}

/** What was looked for. */
function found(plan: Plan, target: Target): string {
  switch (target) {
    case 'latency':
    case 'fewest':
      if (plan.serving === null) return `a step in ${formatMs(plan.step.totalMs)}`;
      return `${rate(plan.serving.tokensPerSecondOfOne)} tokens a second a sequence`;
    case 'throughput':
      return `${rate(plan.tokensPerSecond)} tokens a second in all`;
    case 'context':
      return `sequences of up to ${(plan.serving?.longest ?? 0).toLocaleString('en')} tokens`;
    default:
      return target satisfies never;
  }
}

const BEST: Readonly<Record<Target, string>> = {
  latency: 'No layout that fits is quicker.',
  throughput: 'No layout that fits makes more in all.',
  fewest: 'No fewer GPUs do.',
  context: 'No layout has room for longer sequences.',
};

const LIMITS: Readonly<Record<Limit, string>> = {
  memory: 'It does not fit.',
  bandwidth: 'Most of a step goes to reading weights and cache.',
  FLOPs: 'Most of a step goes to computing.',
  links: 'Most of a step goes to the links between GPUs.',
  layers: 'Most of a step goes to beginning and ending kernels: the GPUs are too quick for so small a model.',
};

function waysOut({ memory, serving }: Plan): string {
  if (serving === null) return 'More GPUs, larger ones, or more stages would help.';
  return memory.cache > memory.weights
    ? 'Fewer or shorter sequences, a cache of 8 bits or more GPUs would help.'
    : 'More GPUs, larger ones, or weights of 8 or 4 bits would help.';
}

/** "on one node", "on three of its GPUs" */
function placeOf({ gpus }: Plan, perNode: number): string {
  if (gpus === 1) return 'on one GPU';
  const nodes = Math.ceil(gpus / perNode);
  if (nodes === 1) return gpus === perNode ? 'on one node' : `on ${numberWord(gpus)} GPUs of a node`;
  return `on ${numberWord(nodes)} nodes`;
}

/** 18.2 GB: of memory, decimal as datasheets have it. */
export function gigabytes(value: number): string {
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))} TB`;
  if (value >= 99.95) return `${Math.round(value)} GB`;
  if (value >= 0.995) return `${Number(value.toPrecision(3))} GB`;
  return value >= 0.001 ? `${Number((value * 1000).toPrecision(3))} MB` : '0 GB';
}

/** 61, 6.1, 12,300: of tokens. */
export function rate(value: number): string {
  return value >= 9.95 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
}
