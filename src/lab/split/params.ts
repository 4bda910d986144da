/** What a visitor chooses on the Split page: validated, and written to and read from the URL. */

import { quoted } from '../../base/shown.ts';
import type { Split, SplitConfig } from '../../program/split.ts';
import type { DeviceChoice } from '../../protocol.ts';
import { deviceProblem, numberFrom, rangeProblem, textOf, truthFrom } from '../inputs.ts';
import { budgetProblem } from './budget.ts';

export interface SplitParams extends Omit<SplitConfig, 'worldSize'> {
  readonly ranks: number;
  readonly device: DeviceChoice;
  readonly seed: number;
  /** Draw weights as stored, `[out, in]`, and not as in X·W. */
  readonly stored: boolean;
}

export const MAX_RANKS = 8;
/** Sizes a slider reaches; the number boxes take more. */
export const SLIDER_MAX = 48;
export const MAX_SIZE = 32_768;

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

const SPLITS: readonly Split[] = ['none', 'column', 'row', 'pair'];
const SWITCHES = ['bias', 'biasOnEveryRank', 'gatherOutput', 'stored'] as const;

/** Why these parameters cannot run, and what would; null where they can. */
export function problemWith(params: SplitParams): string | null {
  const { ranks, m, k, n, seed } = params;
  if (!SPLITS.includes(params.split)) {
    return `${quoted(params.split)} is no split. Use none, column, row or pair.`;
  }
  const device = deviceProblem(params.device);
  if (device !== null) return device;
  for (const key of SWITCHES) {
    if (typeof params[key] !== 'boolean')
      return `${quoted(String(params[key]))} is neither 1 nor 0, which ${key} needs.`;
  }
  return (
    rangeProblem([
      ['The number of ranks', ranks, 1, MAX_RANKS],
      ['M', m, 1, MAX_SIZE],
      ['K', k, 1, MAX_SIZE],
      ['N', n, 1, MAX_SIZE],
      ['The seed', seed, 0, 0xffff_ffff],
    ]) ?? budgetProblem(configOf(params))
  );
}

/** The query of the page's link: only what differs from the default, in a fixed order. */
export function toQuery(params: SplitParams): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of Object.keys(DEFAULT_PARAMS) as (keyof SplitParams)[]) {
    const value = params[key];
    if (value !== DEFAULT_PARAMS[key]) query.set(key, textOf(value));
  }
  return query;
}

/** Reads {@link toQuery} back. What is missing has its default; what is wrong is left to {@link problemWith}. */
export function fromQuery(query: URLSearchParams): SplitParams {
  const params: Record<string, string | number | boolean> = { ...DEFAULT_PARAMS };
  for (const [key, fallback] of Object.entries(DEFAULT_PARAMS)) {
    const text = query.get(key);
    if (text === null) continue;
    if (typeof fallback === 'number') params[key] = numberFrom(text);
    else if (typeof fallback === 'boolean') params[key] = truthFrom(text);
    else params[key] = text;
  }
  // Numbers have their type; the unions and the switches are checked by problemWith.
  return params as unknown as SplitParams;
}
