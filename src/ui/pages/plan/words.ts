/** An answer in words. */

import type { Answer } from '#lab/plan/answer.ts';
import { gpusOf, type Layout } from '#planner/layout.ts';
import type { Limit, Plan } from '#planner/plan.ts';
import type { Target } from '#planner/search.ts';
import { counted, numberWord, type Phrase, type Sentence } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';

export const WHY =
  'A model that is too large or too slow for one GPU is laid over several: each layer cut over TP of them ([[rank]]s), the layers dealt out to PP stages, experts to EP, and DP copies of it all. This page counts the weights of a model and says which of these fit your machines, and how fast each would be.';

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
  const { model, machine, load } = question;
  const { gpu } = machine;
  const where = placeOf(plan, machine.perNode);
  const tokens = (load.prompt + load.answer).toLocaleString('en');
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
        `, ${gigabytes(plan.memory.cache)} of cache, and what the engine keeps. ${needed === null ? '' : `${counted(gpusOf(needed), 'such GPU')} would do, as ${layoutInShort(needed)}. `}${waysOut(plan)}`,
      ],
    };
  }
  const more: Phrase[] = [
    { strong: gigabytes(plan.memory.total) },
    ` of ${gigabytes(gpu.memoryGB)} a GPU, room for `,
    { strong: counted(plan.room, 'sequence') },
    ` of ${tokens} tokens. ${counted(load.sequences, 'sequence')} at once make `,
    { strong: `${rate(plan.tokensPerSecond)} tokens a second` },
    ` together, ${rate(plan.tokensPerSecondOfOne)} each; the first token takes `,
    { strong: formatMs(plan.firstTokenMs) },
    `. ${LIMITS[plan.limit]}`,
  ];
  const best = chosen === null || plan === plans[0] ? ` ${BEST[target]}` : '';
  return { title: `${layoutInShort(plan)} ${where}: ${found(plan, target)}`, body: [...more, best] };
}

/** What was looked for. */
function found(plan: Plan, target: Target): string {
  switch (target) {
    case 'latency':
    case 'fewest':
      return `${rate(plan.tokensPerSecondOfOne)} tokens a second a sequence`;
    case 'throughput':
      return `${rate(plan.tokensPerSecond)} tokens a second in all`;
    case 'context':
      return `sequences of up to ${plan.longest.toLocaleString('en')} tokens`;
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

function waysOut({ memory }: Plan): string {
  return memory.cache > memory.weights
    ? 'Fewer or shorter sequences, a cache of 8 bits or more GPUs would help.'
    : 'More GPUs, larger ones, or a checkpoint with fewer bits a weight would help.';
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
