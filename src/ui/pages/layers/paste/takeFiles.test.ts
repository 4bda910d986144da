import { expect, it } from 'vitest';
import { createPasteStore, takeFiles } from './pasteStore.ts';

const weights = (name: string): File => {
  const file = new File([new Uint8Array(10)], name);
  file.text = () => Promise.reject(new Error('it was read'));
  return file;
};

async function dropped(...files: readonly File[]) {
  const store = createPasteStore(null);
  store.getState().takePreset('llama-3.2-1b');
  await takeFiles(files, store.getState());
  return store;
}

it('takes the config.json of a whole folder of files', async () => {
  const config = new File(['{ "architectures": ["MambaForCausalLM"] }'], 'config.json');
  const store = await dropped(weights('model.safetensors'), config, weights('tokenizer.json'));
  expect(store.getState().text).toContain('Mamba');
  expect(store.getState().problem).toContain('MambaForCausalLM');
});

it('names the file that is wanted in place of weights, and leaves what was there', async () => {
  for (const name of ['model.safetensors', 'pytorch_model.BIN', 'llama.gguf', 'consolidated.00.pth']) {
    const store = await dropped(weights(name));
    const { text, model, problem } = store.getState();
    expect(problem).toBe(
      `${name} holds weights, and they are not needed here. Drop the model’s config.json.`,
    );
    expect(text).toContain('Llama-3.2-1B');
    expect(model).not.toBeNull();
    // Once the same model is there again, nothing is wrong any more.
    store.getState().setText(` ${text}`);
    expect(store.getState().problem).toBeNull();
  }
});

it('refuses what is too large or no text', async () => {
  const large = await dropped(new File(['x'.repeat(2_000_000)], 'tokenizer.json'));
  expect(large.getState().problem).toBe('tokenizer.json has 1.91 MiB, and a config.json is far smaller.');
  const picture = await dropped(new File(['\0\0'], 'llama.png'));
  expect(picture.getState().problem).toBe('llama.png is not text, as a config.json is.');
});

it('takes nothing from no file', async () => {
  expect((await dropped()).getState().problem).toBeNull();
});
