/** Files that somebody drops on the page: one of them may be a model's config.json. */

import { readText } from '#ui/components/readText.ts';
import { MOST_CHARACTERS, type PasteActions } from './pasteStore.ts';

const EXPECTED = { kind: 'a config.json', most: MOST_CHARACTERS };
const WEIGHTS = /\.(safetensors|bin|gguf|pth?)$/i;

export async function takeFiles(
  files: readonly File[],
  { setText, refuse }: Pick<PasteActions, 'setText' | 'refuse'>,
): Promise<void> {
  // Of all files of a model, it is this one.
  const file = files.find(({ name }) => name === 'config.json') ?? files[0];
  if (file === undefined) return;
  if (WEIGHTS.test(file.name)) {
    return refuse(`${file.name} holds weights, and they are not needed here. Drop the model’s config.json.`);
  }
  const found = await readText(file, EXPECTED);
  if (found.ok) setText(found.text);
  else refuse(found.problem);
}
