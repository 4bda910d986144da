/** 1. What a rank holds of a model's weights. */

import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { GPUS, type Gpu } from '#machines/gpus.ts';
import { type ModelPreset, presets } from '#models/presets.ts';
import { countConfig } from '#planner/model/countModel.ts';
import { shareOf } from '#planner/model/share.ts';
import { costOf } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import { counted } from '#ui/components/words.ts';
import { formatGB, formatShare } from './say.ts';

const RANKS = [1, 2, 4, 8] as const;
const ROUNDS = [
  ['llama-3-70b', 'h100'],
  ['mixtral-8x7b', 'a40'],
  ['deepseek-v3', 'h200'],
  ['llama-3-70b', 'a40'],
  ['mixtral-8x7b', 'rtx-3090'],
] as const;

export interface TooBigGiven {
  readonly preset: ModelPreset;
  readonly gpu: Gpu;
  /** Of all weights, and of the fullest rank's by the number of ranks. */
  readonly wholeBytes: number;
  readonly shares: readonly { readonly ranks: number; readonly bytes: number; readonly fits: boolean }[];
}

/** What each rank of a small copy held, of what the copy has. */
export interface TooBigFound {
  readonly ranks: number;
  readonly heldBytes: readonly number[];
  readonly wholeBytes: number;
}

export const tooBig: Chapter<TooBigGiven, null, TooBigFound> = {
  id: 'too-big',
  title: 'Too big for one',
  paper:
    'A model’s weights are larger than the memory of one GPU. Cut over 1, 2, 4 or 8 GPUs: what does each hold, and how many does it take?',

  given(round) {
    const [presetId, gpuId] = inRound(ROUNDS, round, 1);
    const preset = presets.find(({ id }) => id === presetId);
    const gpu = GPUS.find(({ id }) => id === gpuId);
    if (preset === undefined || gpu === undefined) throw new Error('a round has its model and its GPU');
    const shares = RANKS.map((ranks) => {
      const bytes = weightsOn(preset, ranks);
      return { ranks, bytes, fits: bytes <= gpu.memoryGB * 1e9 };
    });
    return { preset, gpu, wholeBytes: shares[0]?.bytes ?? 0, shares };
  },

  prepare: async () => null,

  ask: ({ preset, gpu, wholeBytes }) => ({
    question: `How many GPUs does ${preset.label} need?`,
    body: `Its weights take ${formatGB(wholeBytes)}, and one ${gpu.label} has ${gpu.memoryGB}\u00a0GB. So the weights are cut: each GPU is a [[rank]] that keeps a [[shard]]. Drag until the weights fit.`,
    fields: [
      {
        kind: 'slider',
        key: 'ranks',
        label: 'The fewest GPUs whose memory holds the weights',
        options: RANKS.map((value) => ({ value, label: counted(value, 'GPU') })),
      },
    ],
  }),

  async run({ preset, shares }, lab) {
    const ranks = Math.max(2, shares.find(({ fits }) => fits)?.ranks ?? 8);
    const [run] = await lab.layers([{ layer: 'block', preset: preset.id, ranks, tokens: 2 }]);
    if (run === undefined) throw new Error('the lab runs what it is given');
    const alone = costOf(planLayer(run.spec, 1, { tokens: 2, past: 0 }), 0).weightBytes;
    return { ranks, heldBytes: run.ranks.map(({ weightBytes }) => weightBytes), wholeBytes: alone };
  },

  judge({ given: { shares, gpu }, found, answer }) {
    const guessed = shares.find(({ ranks }) => ranks === answer['ranks']);
    const enough = shares.find(({ fits }) => fits);
    const heldMost = Math.max(...found.heldBytes) / found.wholeBytes;
    const fact = {
      label: 'The fewest that fit',
      guess: counted(guessed?.ranks ?? 0, 'GPU'),
      found: enough === undefined ? 'more than 8 GPUs' : counted(enough.ranks, 'GPU'),
      right: guessed !== undefined && guessed === enough,
    };
    const left = enough === undefined ? 0 : gpu.memoryGB * 1e9 - enough.bytes;
    const size = `On ${counted(enough?.ranks ?? 0, 'GPU')} a rank holds ${formatGB(enough?.bytes ?? 0)}, and ${formatGB(left)} are left for the tokens.`;
    const measured = `Here ${found.ranks} ranks just cut a small copy of one block: the fullest holds ${formatShare(heldMost)} of it. The norms are so small that every rank keeps them whole.`;
    if (fact.right || guessed === undefined) return { facts: [fact], because: `${size} ${measured}` };
    const why = guessed.fits
      ? `${fact.guess} do too, but fewer would.`
      : `On ${fact.guess} a rank would have to hold ${formatGB(guessed.bytes)}, and there are ${gpu.memoryGB}\u00a0GB.`;
    return { facts: [fact], because: `${why} ${size} ${measured}` };
  },
};

/** Of the fullest rank. */
function weightsOn({ model, config }: ModelPreset, ranks: number): number {
  const [, most] = shareOf(countConfig(config), ranks).weightElements;
  return most * model.weightBytes;
}
