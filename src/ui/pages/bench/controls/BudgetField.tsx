import { useId } from 'react';
import { formatMs } from '#ui/format.ts';
import { useBench } from '../useBench.ts';

const STEPS = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** How long a case's iterations go on, at least. */
export function BudgetField() {
  const id = useId();
  const budgetMs = useBench((state) => state.options.budgetMs);
  const change = useBench((state) => state.change);
  const at = STEPS.findIndex((ms) => ms >= budgetMs);
  const text = formatMs(budgetMs).replace('.0 ', ' ');
  return (
    <div className="bench-budget">
      <label htmlFor={id}>Time a cell</label>
      <span className="num">{text}</span>
      <input
        id={id}
        type="range"
        min={0}
        max={STEPS.length - 1}
        value={at < 0 ? STEPS.length - 1 : at}
        aria-valuetext={text}
        onChange={(event) => change({ budgetMs: STEPS[event.target.valueAsNumber] ?? budgetMs })}
      />
    </div>
  );
}
