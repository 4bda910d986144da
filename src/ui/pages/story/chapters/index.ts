/** The chapters of the story, in order. */

import type { Chapter } from '#lab/story/chapter.ts';
import { block } from './block.ts';
import { bug } from './bug.ts';
import { columns } from './columns.ts';
import { order } from './order.ts';
import { pair } from './pair.ts';
import { pay } from './pay.ts';
import { ring } from './ring.ts';
import { rows } from './rows.ts';
import { tooBig } from './tooBig.ts';

export const CHAPTERS: readonly Chapter[] = [tooBig, columns, rows, ring, order, pair, bug, block, pay];
