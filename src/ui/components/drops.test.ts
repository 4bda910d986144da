import { expect, it } from 'vitest';
import { filesIn } from './drops.ts';

it('takes the files of a folder that is dropped, and not the folder', async () => {
  const file = (name: string) => ({
    isFile: true,
    isDirectory: false,
    name,
    file: (done: (file: File) => void) => done(new File(['x'], name)),
  });
  const broken = { ...file('secret'), file: (_: unknown, failed: () => void) => failed() };
  // Browsers give the entries of a folder in portions.
  const portions = [
    [file('config.json'), broken],
    [file('tokenizer.json'), { isFile: false, isDirectory: true, name: 'onnx' }],
    [],
  ];
  const folder = {
    isFile: false,
    isDirectory: true,
    name: 'llama',
    createReader: () => ({
      readEntries: (done: (entries: unknown[]) => void) => done(portions.shift() ?? []),
    }),
  };
  const item = (entry: unknown) => ({ webkitGetAsEntry: () => entry });
  const dropped = {
    files: [new File([], 'llama'), new File(['y'], 'notes.txt')],
    items: [item(folder), item(file('notes.txt')), item(null)],
  };
  const files = await filesIn(dropped as unknown as DataTransfer);
  expect(files.map(({ name }) => name)).toEqual(['notes.txt', 'config.json', 'tokenizer.json']);
});
