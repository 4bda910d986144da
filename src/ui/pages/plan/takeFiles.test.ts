import { expect, it } from 'vitest';
import { takeFiles } from './takeFiles.ts';

const weights = (name: string): File => {
  const file = new File([new Uint8Array(10)], name);
  file.text = () => Promise.reject(new Error('it was read'));
  return file;
};

/** What was taken, and what was said. */
async function dropped(...files: readonly File[]): Promise<{ taken: string[]; said: string[] }> {
  const [taken, said]: [string[], string[]] = [[], []];
  await takeFiles(files, {
    takeConfig: (text) => void taken.push(text),
    refuse: (problem) => void said.push(problem),
  });
  return { taken, said };
}

it('takes the config.json of a whole folder of files', async () => {
  const config = new File(['{ "model_type": "mamba" }'], 'config.json');
  const files = [weights('model.safetensors'), config, weights('tokenizer.json')];
  expect(await dropped(...files)).toEqual({ taken: ['{ "model_type": "mamba" }'], said: [] });
});

it.each(['model.safetensors', 'pytorch_model.BIN', 'llama.gguf', 'consolidated.00.pth'])(
  'names the file that is wanted in place of %s',
  async (name) => {
    const sentence = `${name} holds weights, and they are not needed here. Drop the model’s config.json.`;
    expect(await dropped(weights(name))).toEqual({ taken: [], said: [sentence] });
  },
);

it('refuses what is too large or no text', async () => {
  const large = await dropped(new File(['x'.repeat(2_000_000)], 'tokenizer.json'));
  expect(large.said).toEqual(['tokenizer.json has 1.91 MiB, and a config.json is far smaller.']);
  const picture = await dropped(new File(['\0\0'], 'llama.png'));
  expect(picture.said).toEqual(['llama.png is not text, as a config.json is.']);
});

it('takes nothing from no file', async () => {
  expect(await dropped()).toEqual({ taken: [], said: [] });
});
