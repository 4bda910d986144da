/** Files that somebody drops on the page: one of them may be a model's config.json. */

import { MOST_CHARACTERS } from '#lab/plan/question.ts';
import type { PlanStore } from '#lab/plan/store.ts';
import { readText } from '#ui/components/files.ts';

const EXPECTED = { kind: 'a config.json', most: MOST_CHARACTERS };
const WEIGHTS = /\.(safetensors|bin|gguf|pth?)$/i;

export async function takeFiles(
  files: readonly File[],
  { takeConfig, refuse }: Pick<PlanStore, 'takeConfig' | 'refuse'>,
): Promise<void> {
  // Of all files of a model, it is this one.
  const file = files.find(({ name }) => name === 'config.json') ?? files[0];
  if (file === undefined) return;
  if (WEIGHTS.test(file.name)) {
    return refuse(`${file.name} holds weights, and they are not needed here. Drop the model’s config.json.`);
  }
  const found = await readText(file, EXPECTED);
  if (found.ok) takeConfig(found.text);
  else refuse(found.problem);
}
