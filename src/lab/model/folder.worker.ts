/** Reads a folder, which takes too long for the page's thread, and keeps what it read. One folder in, one outcome out. */

import { LabError, messageOf } from '../../base/errors.ts';
import type { SourceSpec } from '../../checkpoint/source.ts';
import type { Outcome } from '../../protocol.ts';
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
  const tell = (news: FolderNews): void => postMessage(news);
  try {
    const folder = await readFolder(source, name, {
      onBytes: (count, from) => tell({ kind: 'bytes', count, from }),
      onWarning: (sentence) => tell({ kind: 'warning', sentence }),
    });
    tell({ kind: 'end', outcome: { ok: true, value: folder } });
  } catch (thrown) {
    const code = thrown instanceof LabError ? thrown.code : 'unknown';
    const stack = thrown instanceof Error && thrown.stack !== undefined ? { stack: thrown.stack } : {};
    tell({ kind: 'end', outcome: { ok: false, failure: { code, message: messageOf(thrown), ...stack } } });
  }
});
