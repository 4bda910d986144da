/** Reads a file of records, which takes too long for the page's thread. */

import { handedOver, packed } from './packed.ts';
import { readRuns } from './readRuns.ts';

addEventListener('message', ({ data }: MessageEvent<Blob | string>) =>
  readRuns(data, (reading) => {
    const told = packed(reading);
    postMessage(told, { transfer: handedOver(told) });
  }),
);
