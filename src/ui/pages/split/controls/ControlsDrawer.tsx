import { useState } from 'react';
import type { Split } from '../../../../math/splitPlan.ts';
import { useSplit } from '../useSplit.ts';
import { counted } from '../words.ts';
import { Controls } from './Controls.tsx';

const NAMES: Readonly<Record<Split, string>> = {
  none: 'No split',
  column: 'Column split',
  row: 'Row split',
  pair: 'Column, then row',
};

/** On a narrow screen the controls fold into one line that says what is chosen. */
export function ControlsDrawer() {
  const { split, ranks, m, k, n } = useSplit((state) => state.params);
  const wrong = useSplit((state) => state.problem !== null);
  const [open, setOpen] = useState(false);
  return (
    <details
      className="panel controls-drawer"
      open={open || wrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span>{NAMES[split] ?? split}</span>
        <span>{counted(ranks, 'rank')}</span>
        <span className="num">
          {m}×{k}×{n}
        </span>
      </summary>
      <Controls />
    </details>
  );
}
