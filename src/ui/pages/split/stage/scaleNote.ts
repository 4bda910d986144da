/** What a visitor must know to read the picture: what a cell stands for, what a minus means, what is not to scale. */

import type { SplitRun } from '#lab/split/run.ts';
import type { Preview } from '#numerics/preview.ts';
import { formatCount } from '#ui/format.ts';
import type { Layout } from './layout.ts';

export function scaleNote(run: SplitRun, layout: Layout): string {
  const notes: string[] = [];
  const first = run.ranks[0];
  const previews: Preview[] =
    first === undefined ? [] : [...first.products.flatMap(({ x, w, y }) => [x, w, y])];
  if (previews.every(({ exact }) => exact)) {
    notes.push('The stronger the colour, the larger the value; a bar is a minus sign.');
  } else {
    notes.push(
      'Large matrices are drawn in blocks: the stronger the colour, the larger the root mean square.',
    );
  }
  for (const { side, times } of layout.enlarged) {
    const factor = times >= 10 ? formatCount(times) : times.toFixed(1);
    notes.push(`${side} is drawn ${factor} times longer than to scale, to be seen at all.`);
  }
  return notes.join(' ');
}
