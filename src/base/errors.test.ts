import { expect, it } from 'vitest';
import { sentenceOf } from './errors.ts';

it.each([
  ['The quota is exceeded.', 'The quota is exceeded.'],
  ['aborted', 'aborted.'],
  ['Is it full?\n', 'Is it full?'],
])('%j ends as a sentence', (message, sentence) => {
  expect(sentenceOf(new Error(message))).toBe(sentence);
});
