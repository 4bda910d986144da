/** 8. A real block: its all-reduces, key/value heads that are fewer than ranks, and a mixture of experts. */

import { DEFAULT_PARAMS } from '#lab/layers/params.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { specOf } from '#lab/layers/spec.ts';
import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { presets } from '#models/presets.ts';
import { halvesOf } from '#program/layers.ts';
import { kindsOfBlock } from '#program/modelConfig.ts';
import type { LayerPlan } from '#program/plan.ts';
import { stepsOf } from '#program/plan.ts';
import { counted } from '#ui/components/words.ts';
import { formatFlops } from '#ui/format.ts';
import { countFact } from './say.ts';

interface Given {
  readonly preset: string;
  readonly label: string;
  readonly layers: number;
  readonly kvHeads: number;
  readonly ranks: number;
  readonly seed: number;
}

export interface BlockFound {
  readonly plan: LayerPlan;
  /** Collectives that a rank ran in one block, in order. */
  readonly ran: readonly string[];
  /** Whether the run was as the plan said. */
  readonly asPlanned: boolean;
  /** The key/value heads that each rank holds, as the plan's notes name them. */
  readonly heads: readonly string[];
  /** Of the mixture: what each rank computed. */
  readonly flops: readonly number[];
}

export const block: Chapter<Given, null, BlockFound> = {
  id: 'block',
  title: 'A real block',
  paper:
    'How many all-reduces does a model of L blocks run for a token? What if there are more ranks than key/value heads? Do all ranks of a mixture of experts work alike?',

  given(round) {
    const [id, ranks] = inRound(
      [
        ['qwen2.5-0.5b', 4],
        ['llama-3.2-1b', 4],
        ['qwen2.5-0.5b', 6],
        ['llama-3-70b', 8],
      ] as const,
      round,
      8,
    );
    const preset = presets.find((one) => one.id === id);
    if (preset === undefined) throw new Error('a round has its model');
    const layers = kindsOfBlock(preset.model).reduce((sum, { count }) => sum + count, 0);
    // Of the small copy that runs: it has fewer heads than the model, as many to a key/value head.
    const attention = halvesOf(specOf({ ...DEFAULT_PARAMS, layer: 'block', preset: id }).spec).attention;
    const kvHeads = attention?.kind === 'attention' ? attention.kvHeads : 0;
    return { preset: id, label: preset.label, layers, kvHeads, ranks, seed: round };
  },

  prepare: async () => null,

  ask: ({ label, layers, ranks, kvHeads }) => ({
    question: 'What does a whole model cost?',
    body: `${label} is ${layers} blocks. Each is an [[attention]] and an [[mlp]], and each of the two is a pair as in chapter 6: columns, then rows. A small copy, with ${kvHeads} [[key/value head]]s, runs on ${ranks} ranks.`,
    fields: [
      {
        kind: 'number',
        key: 'sums',
        label: `All-reduces in its ${layers} blocks, for one token`,
        unit: '',
        max: 1e6,
      },
      {
        kind: 'choice',
        key: 'heads',
        label: `${kvHeads} key/value heads on ${ranks} ranks: a rank has`,
        options: [
          { value: 'own', label: 'its own' },
          { value: 'shared', label: 'one that others have too' },
          { value: 'none', label: 'perhaps none' },
        ],
      },
      {
        kind: 'choice',
        key: 'experts',
        label: 'In a [[mixture of experts]], do all ranks work alike?',
        options: [
          { value: 'alike', label: 'Yes' },
          { value: 'unlike', label: 'No' },
        ],
      },
    ],
  }),

  async run({ preset, ranks, seed }, lab) {
    const [dense, mixture] = await lab.layers([
      { layer: 'block', preset, ranks, tokens: 4, seed },
      { layer: 'moe', preset: 'mixtral-8x7b', ranks: 4, tokens: 8, seed },
    ]);
    if (dense === undefined || mixture === undefined) throw new Error('the lab runs what it is given');
    return {
      plan: dense.plan,
      ran: dense.measured[0]?.collectives.map(({ kind }) => kind) ?? [],
      asPlanned: dense.verdict.asPlanned && mixture.verdict.asPlanned,
      heads: keyHeads(dense),
      flops: mixture.measured.map(({ flops }) => flops),
    };
  },

  judge({ given: { layers, ranks, kvHeads }, found, answer }) {
    const sums = found.ran.filter((kind) => kind === 'all_reduce').length;
    const fact = countFact('All-reduces', Number(answer['sums']), sums * layers);
    const truth = found.heads.includes('no head')
      ? 'none'
      : new Set(found.heads).size < ranks
        ? 'shared'
        : 'own';
    const words: Readonly<Record<string, string>> = {
      own: 'its own',
      shared: 'one that others have too',
      none: 'perhaps none',
    };
    const heads = {
      label: 'Key/value heads',
      guess: words[String(answer['heads'])] ?? '',
      found: words[truth] ?? '',
      right: answer['heads'] === truth,
    };
    const most = Math.max(...found.flops);
    const alike = found.flops.every((flops) => flops === found.flops[0]);
    const experts = {
      label: 'Work of the ranks',
      guess: answer['experts'] === 'alike' ? 'alike' : 'unlike',
      found: alike ? 'alike' : 'unlike',
      right: (answer['experts'] === 'alike') === alike,
    };
    return {
      facts: [fact, heads, experts],
      because: `A block ran ${counted(sums, 'all-reduce')}, one behind the attention and one behind the MLP, so ${layers} blocks run ${sums * layers}. ${headsWhy(truth, kvHeads, ranks)} In the mixture the tokens choose: rank ${found.flops.indexOf(most)} did ${formatFlops(most)}FLOP, and the least busy ${formatFlops(Math.min(...found.flops))}FLOP; the others wait for the busiest.`,
    };
  },
};

/** What the notes of the tensor k say of each rank's heads. */
function keyHeads({ plan, spec }: LayerRun): string[] {
  const { attention } = halvesOf(spec);
  const key = stepsOf(plan).find(
    (step) => step.kind === 'op' && step.op === 'linear' && step.label.includes('Wk'),
  );
  const output = key?.output ?? null;
  const notes = output === null ? [] : (plan.tensors.get(output)?.notes ?? []);
  if (attention === null || notes.length === 0) throw new Error('a block has keys, cut by heads');
  return [...notes];
}

function headsWhy(truth: string, kvHeads: number, ranks: number): string {
  switch (truth) {
    case 'shared':
      return `With ${kvHeads} key/value heads for ${ranks} ranks a head is kept by ${ranks / kvHeads} of them, a copy each.`;
    case 'none':
      return `${kvHeads} key/value heads go round, and ${ranks} ranks are no multiple of that: some have none.`;
    default:
      return `${kvHeads} key/value heads are enough: each rank has ${kvHeads / ranks}.`;
  }
}
