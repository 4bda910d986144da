import type { KeyLine } from '#ui/components/KeysDialog.tsx';

/** What keys do on the Layers page. */
export const KEYS: readonly KeyLine[] = [
  { keys: ['Tab'], does: 'go to the next control, picture, scrubber, heat map or clock' },
  { keys: ['Space'], does: 'on the scrubber: play or pause' },
  { keys: ['←', '→'], does: 'on the scrubber: one step back or on' },
  { keys: ['←', '→', '↑', '↓'], does: 'among boxes, values or spans: to the next one' },
  { keys: ['Home', 'End'], does: 'to the first or the last' },
  { keys: ['Enter'], does: 'on a box: open its tensor; on a span: go to its step' },
  { keys: ['+', '−', '0'], does: 'on the clock: nearer, farther, all of it' },
  { keys: ['Esc'], does: 'let go of the value or the span' },
  { keys: ['?'], does: 'this list' },
];
