/** What a visitor chooses on the Split page. */

import { choice, type Definition, size, toggle } from '../../program/definition.ts';
import type { SplitConfig } from '../../program/split.ts';
import type { DeviceChoice } from '../../protocol.ts';
import { DEVICE, firstProblem, RANKS, SEED } from '../parameters.ts';
import { budgetProblem } from './budget.ts';

export interface SplitParams extends Omit<SplitConfig, 'worldSize'> {
  readonly ranks: number;
  readonly device: DeviceChoice;
  readonly seed: number;
  /** Draw weights as stored, `[out, in]`, and not as in X·W. */
  readonly stored: boolean;
}

const MAX_SIZE = 32_768;

export const SPLIT = choice(
  'split',
  'Split',
  [
    { value: 'column', label: 'Column' },
    { value: 'row', label: 'Row' },
    { value: 'pair', label: 'Pair' },
    { value: 'none', label: 'None' },
  ],
  { noun: 'split' },
);
export const SIZES = [
  size('m', 'M', MAX_SIZE, { name: 'M' }),
  size('k', 'K', MAX_SIZE, { name: 'K' }),
  size('n', 'N', MAX_SIZE, { name: 'N' }),
];

/** In the order of a link. */
export const DEFINITIONS: readonly Definition<keyof SplitParams>[] = [
  SPLIT,
  RANKS,
  ...SIZES,
  toggle('bias', 'Bias'),
  toggle('biasOnEveryRank', 'Bias on every rank'),
  toggle('gatherOutput', 'Gather the columns of Y'),
  DEVICE,
  SEED,
  toggle('stored', 'Stored weight'),
];

export const DEFAULT_PARAMS: SplitParams = {
  split: 'row',
  ranks: 4,
  m: 8,
  k: 16,
  n: 12,
  bias: true,
  biasOnEveryRank: false,
  gatherOutput: true,
  device: 'auto',
  seed: 1,
  stored: false,
};

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** One line: where the shape comes from, or what it shows. */
  readonly note: string;
  readonly params: Partial<SplitParams>;
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'tiny',
    label: 'Tiny',
    note: 'small enough to add up by hand',
    params: { ranks: 2, m: 2, k: 4, n: 4 },
  },
  {
    id: 'uneven',
    label: 'Uneven',
    note: '3 ranks share 16 and 11: shards differ by one',
    params: { ranks: 3, m: 7, k: 16, n: 11 },
  },
  {
    id: 'llama-gate',
    label: 'Llama 3.2 1B gate',
    note: 'gate_proj, 2048 → 8192, 8 tokens',
    params: { split: 'column', ranks: 4, m: 8, k: 2048, n: 8192, bias: false },
  },
  {
    id: 'llama-down',
    label: 'Llama 3.2 1B down',
    note: 'down_proj, 8192 → 2048, 8 tokens',
    params: { split: 'row', ranks: 4, m: 8, k: 8192, n: 2048, bias: false },
  },
  {
    id: 'llama-mlp',
    label: 'Llama 3.2 1B MLP',
    note: 'up and down, 2048 → 8192 → 2048, without the gate',
    params: { split: 'pair', ranks: 4, m: 8, k: 2048, n: 8192, bias: false },
  },
];

export function configOf(params: SplitParams): SplitConfig {
  const { ranks, device: _device, seed: _seed, stored: _stored, ...rest } = params;
  return { ...rest, worldSize: ranks };
}

/** Why these parameters cannot run, and what would; null where they can. */
export function problemWith(params: SplitParams): string | null {
  return firstProblem(DEFINITIONS, params) ?? budgetProblem(configOf(params));
}
