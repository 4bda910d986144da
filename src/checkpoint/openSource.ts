/** From what says where a model is to what reads it: apart from source.ts, which all kinds of source stand on. */

import { FilesSource } from './FilesSource.ts';
import { KeptSource } from './KeptSource.ts';
import { SharedSource } from './SharedSource.ts';
import { openShardFile, readInTurn } from './shardFile.ts';
import type { Source, SourceOptions, SourceSpec } from './source.ts';
import { UrlSource } from './UrlSource.ts';

/** @param part of the model that is read, by which the browser finds what it kept of it; without it nothing is kept */
export function openSource(
  spec: SourceSpec,
  options: SourceOptions = {},
  part: string | null = null,
): Source {
  switch (spec.kind) {
    case 'url': {
      const { base, keep = false } = spec;
      const source = new UrlSource(base, options);
      if (!keep || part === null) return source;
      return new KeptSource(source, base, { open: () => openShardFile(base, part), readInTurn }, options);
    }
    case 'files':
      return new FilesSource(spec.files, options);
    case 'shared':
      return new SharedSource(spec.files, options);
    default:
      return spec satisfies never;
  }
}
