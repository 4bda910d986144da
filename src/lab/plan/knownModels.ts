/** Models that need no file: their config.json, as far as it makes sizes, comes with the page. */

import { presets } from '../../models/presets.ts';
import { PUBLIC_MODELS } from '../../planner/model/publicModels.ts';

export interface KnownModel {
  /** As on Hugging Face: "meta-llama/Llama-3.1-8B". */
  readonly repository: string;
  readonly config: object;
}

/** By their makers, in the order of their lists. */
export const KNOWN_MODELS: readonly KnownModel[] = [
  ...PUBLIC_MODELS,
  ...presets.filter(({ repository }) => PUBLIC_MODELS.every((one) => one.repository !== repository)),
];

/** Its file as it would be pasted; null where there is none of that name. */
export function knownConfig(repository: string): string | null {
  const known = KNOWN_MODELS.find((one) => one.repository.toLowerCase() === repository.toLowerCase());
  if (known === undefined) return null;
  return `${JSON.stringify({ _name_or_path: known.repository, ...known.config }, null, 2)}\n`;
}
