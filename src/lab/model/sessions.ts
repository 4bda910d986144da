/** The session that a page has: kept while the same ranks with the same weights are asked for, and let go where not. */

import { LabError } from '../../base/errors.ts';
import { nameOfAddress } from '../../base/shown.ts';
import type { SourceSpec } from '../../checkpoint/source.ts';
import type { ModelLoading } from '../../protocol.ts';
import { type ModelFolder, urlSource } from './folder.ts';
import { readFolderAway } from './folderAway.ts';
import { type ModelParams, PICKED, SHIPPED, sameRanks } from './params.ts';
import { ModelSession } from './session.ts';

/** What is told while a session comes to be. */
export interface OpeningHost {
  readonly onReading: () => void;
  readonly onFolder: (folder: ModelFolder) => void;
  readonly onStarting: () => void;
  readonly onLoading: (ranks: readonly ModelLoading[]) => void;
  readonly onWarning: (sentence: string) => void;
}

export interface Sessions {
  /** The session for these parameters, opened if it is not there. @throws LabError as its parts do */
  for(params: ModelParams, signal: AbortSignal, host: OpeningHost): Promise<ModelSession>;
  /** Files that stand for {@link PICKED} from now on. */
  pick(files: readonly File[]): void;
  close(): void;
}

export function createSessions(): Sessions {
  let picked: Readonly<Record<string, Blob>> | null = null;
  let folder: { readonly of: string; readonly read: ModelFolder } | null = null;
  let open: { readonly params: ModelParams; readonly session: ModelSession } | null = null;

  function close(): void {
    void open?.session.close();
    open = null;
  }

  async function folderOf(model: string, signal: AbortSignal, host: OpeningHost): Promise<ModelFolder> {
    if (folder?.of === model) return folder.read;
    folder = null; // of a large model its tokenizer alone is some megabytes
    const read = await readFolderAway(sourceOf(model, picked), nameOf(model), {
      signal,
      onWarning: host.onWarning,
    });
    folder = { of: model, read };
    return read;
  }

  return {
    async for(params, signal, host) {
      if (open !== null && !open.session.closed && sameRanks(open.params, params)) return open.session;
      close();
      host.onReading();
      const read = await folderOf(params.model, signal, host);
      host.onFolder(read);
      host.onStarting();
      const { ranks, device, placement, algorithm, weights, context } = params;
      const session = await ModelSession.open(read, {
        worldSize: ranks,
        device,
        placement,
        algorithm,
        weights,
        ...(context !== null && { positions: context }),
        signal,
        onLoading: host.onLoading,
        onWarning: host.onWarning,
      });
      open = { params, session };
      return session;
    },
    pick(files) {
      picked = Object.fromEntries(files.map((file) => [file.name, file]));
      if (folder?.of === PICKED) folder = null;
      if (open?.params.model === PICKED) close();
    },
    close,
  };
}

/** "Llama-3.2-1B" of its address. */
export function nameOf(model: string): string {
  if (model === SHIPPED) return 'stories';
  if (model === PICKED) return 'your files';
  return nameOfAddress(model);
}

/** @throws LabError `input` where it is no address */
export function addressSource(model: string): SourceSpec & { kind: 'url' } {
  return urlSource(model === SHIPPED ? 'models/stories/' : model, document.baseURI);
}

function sourceOf(model: string, picked: Readonly<Record<string, Blob>> | null): SourceSpec {
  if (model !== PICKED) return addressSource(model);
  if (picked !== null) return { kind: 'files', files: picked };
  throw new LabError(
    'input',
    'The files of this model were picked in an earlier visit, and a page cannot keep hold of them. Pick them again.',
  );
}
