/** Reads a folder, which takes too long for the page's thread, and keeps what it read. One folder in, one outcome out. */

import type { SourceSpec } from '../../checkpoint/source.ts';
import type { Outcome } from '../../protocol.ts';
import { outcomeOf } from '../outcome.ts';
import { type ModelFolder, readFolder } from './folder.ts';

export interface FolderTask {
  readonly source: SourceSpec;
  readonly name: string;
}

export type FolderNews =
  | { readonly kind: 'bytes'; readonly count: number; readonly from: 'source' | 'kept' }
  | { readonly kind: 'warning'; readonly sentence: string }
  | { readonly kind: 'end'; readonly outcome: Outcome<ModelFolder> };

addEventListener('message', async ({ data: { source, name } }: MessageEvent<FolderTask>) => {
  const tell = (news: FolderNews, transfer: Transferable[] = []): void => postMessage(news, { transfer });
  const outcome = await outcomeOf(() =>
    readFolder(source, name, {
      onBytes: (count, from) => tell({ kind: 'bytes', count, from }),
      onWarning: (sentence) => tell({ kind: 'warning', sentence }),
    }),
  );
  tell({ kind: 'end', outcome }, outcome.ok ? [outcome.value.tokenizer.buffer] : []);
});
