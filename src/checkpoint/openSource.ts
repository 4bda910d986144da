/** From what says where a model is to what reads it: apart from source.ts, which both kinds of source stand on. */

import { FilesSource } from './FilesSource.ts';
import type { Source, SourceOptions, SourceSpec } from './source.ts';
import { UrlSource } from './UrlSource.ts';

export function openSource(spec: SourceSpec, options: SourceOptions = {}): Source {
  switch (spec.kind) {
    case 'url':
      return new UrlSource(spec.base, options);
    case 'files':
      return new FilesSource(spec.files, options);
    default:
      return spec satisfies never;
  }
}
