/**
 * Text and tokens of a model, in a worker: to make a tokenizer of 128,000 tokens takes most of a second, and to encode a
 * long text takes as long.
 */

import { LabError } from '../../base/errors.ts';
import { CalledWorker } from '../workerCalls.ts';
import type { TextFiles, TextModel } from './text.ts';
import type { TextMethods } from './text.worker.ts';

/** As {@link TextModel}, from which each answer comes by one message to and fro, in the order of the questions. */
export type TextAway = {
  readonly [Method in keyof TextModel]: (
    ...args: Parameters<TextModel[Method]>
  ) => Promise<ReturnType<TextModel[Method]>>;
};

/**
 * As openText(), which it calls.
 * @param ended ends the worker, and its reason is that of all that waits for an answer then, or asks later
 * @throws LabError as openText() does; `environment` where the worker does not start
 */
export async function openTextAway(files: TextFiles, ended: AbortSignal): Promise<TextAway> {
  ended.throwIfAborted();
  const worker = new CalledWorker<TextMethods>(
    new Worker(new URL('./text.worker.ts', import.meta.url), { type: 'module' }),
    (why) => new LabError('environment', `The model has no text here: ${why}. Load the page again.`),
  );
  ended.addEventListener('abort', () => worker.end(ended.reason));
  const { tokenizer, tokenizerConfig, chatTemplate } = files;
  try {
    await worker.call('open', { tokenizer, tokenizerConfig, chatTemplate });
  } catch (thrown) {
    if (thrown instanceof Error) worker.end(thrown);
    throw thrown;
  }
  return {
    encode: (text) => worker.call('encode', text),
    encodeChat: (messages) => worker.call('encodeChat', messages),
    parts: (...args) => worker.call('parts', ...args),
    follow: (...args) => worker.call('follow', ...args),
  };
}
