/** Draws samples again and again, which takes too long for the page's thread. One pair in, one comparison out. */

import { compareOne, type Pair } from './compare.ts';

addEventListener('message', ({ data }: MessageEvent<Pair>) => postMessage(compareOne(data)));
