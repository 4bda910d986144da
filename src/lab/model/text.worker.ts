/** Makes and uses a model's tokenizer and chat template: one model's, for as long as it lives. */

import { invariant } from '../../base/errors.ts';
import { answerCalls } from '../workerCalls.ts';
import { openText, type TextFiles, type TextModel } from './text.ts';

let opened: TextModel | null = null;

const methods = {
  open(files: TextFiles): void {
    opened = openText(files);
  },
  encode: (text: string) => model().encode(text),
  encodeChat: (...args: Parameters<TextModel['encodeChat']>) => model().encodeChat(...args),
  parts: (...args: Parameters<TextModel['parts']>) => model().parts(...args),
  follow: (...args: Parameters<TextModel['follow']>) => model().follow(...args),
};

export type TextMethods = typeof methods;

answerCalls(methods);

function model(): TextModel {
  invariant(opened !== null, () => 'a text was asked for before its model');
  return opened;
}
