import { expect, it } from 'vitest';
import { readText } from './files.ts';

const EXPECTED = { kind: 'a config.json', most: 2 ** 20 };

it('reads text', async () => {
  const file = new File(['{ "π": 3 }'], 'config.json');
  expect(await readText(file, EXPECTED)).toEqual({ ok: true, text: '{ "π": 3 }' });
});

it('does not even begin with a file that is too large', async () => {
  const file = new File([new Uint8Array(3 * 2 ** 20)], 'model.json');
  file.text = () => Promise.reject(new Error('it was read'));
  expect(await readText(file, EXPECTED)).toEqual({
    ok: false,
    problem: 'model.json has 3 MiB, and a config.json is far smaller.',
  });
});

it('says what cannot be read, and what is not text', async () => {
  const folder = new File([], 'llama');
  folder.text = () => Promise.reject(new Error('A requested file could not be found'));
  expect(await readText(folder, EXPECTED)).toEqual({
    ok: false,
    problem: 'llama cannot be read: A requested file could not be found.',
  });
  const picture = new File([new Uint8Array([137, 80, 78, 71, 0, 0])], 'llama.png');
  expect(await readText(picture, EXPECTED)).toEqual({
    ok: false,
    problem: 'llama.png is not text, as a config.json is.',
  });
});
