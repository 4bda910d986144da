import type { Split } from '#program/split.ts';
import { ControlsDrawer } from '#ui/components/ControlsDrawer.tsx';
import { counted, typed } from '#ui/components/words.ts';
import { useSplit } from '../useSplit.ts';
import { Controls } from './Controls.tsx';

const NAMES: Readonly<Record<Split, string>> = {
  none: 'No split',
  column: 'Column split',
  row: 'Row split',
  pair: 'Column, then row',
};

export function SplitControlsDrawer() {
  const { split, ranks, m, k, n } = useSplit((state) => state.params);
  const wrong = useSplit((state) => state.problem !== null);
  const summary = (
    <>
      <span>{Object.hasOwn(NAMES, split) ? NAMES[split] : split}</span>
      <span>{counted(ranks, 'rank')}</span>
      <span className="num">{[m, k, n].map(typed).join('×')}</span>
    </>
  );
  return (
    <ControlsDrawer summary={summary} wrong={wrong}>
      <Controls />
    </ControlsDrawer>
  );
}
