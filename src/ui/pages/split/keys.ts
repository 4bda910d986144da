import type { KeyLine } from '#ui/components/KeysDialog.tsx';

/** What keys do on the Split page. */
export const KEYS: readonly KeyLine[] = [
  { keys: ['Tab'], does: 'go to the next control, cell grid, scrubber or clock' },
  { keys: ['Space'], does: 'on the scrubber: play or pause' },
  { keys: ['←', '→'], does: 'on the scrubber: one moment back or on; among the cells of Y: move' },
  { keys: ['↑', '↓'], does: 'among the cells of Y: move' },
  { keys: ['Home', 'End'], does: 'to the first or the last' },
  {
    keys: ['+', '−', '0'],
    does: 'on the clock: nearer, farther, all of it; arrow keys go from span to span',
  },
  { keys: ['Esc'], does: 'let go of the cell or the span' },
  { keys: ['?'], does: 'this list' },
];
