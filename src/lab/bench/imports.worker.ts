/** Reads a file of records, which takes too long for the page's thread. */

import { type Reading, readRuns } from './readRuns.ts';

addEventListener('message', ({ data }: MessageEvent<Blob | string>) =>
  readRuns(data, (reading: Reading) => postMessage(reading)),
);
