import { useId } from 'react';
import { DEVICES, PLACEMENTS, SUITES } from '#bench/axes.ts';
import { withSuites } from '#bench/options.ts';
import { noWebGpu } from '#ui/components/devices.ts';
import { Chips } from '#ui/components/Options.tsx';
import { formatMs } from '#ui/format.ts';
import { ProblemText } from '#ui/page/RunFields.tsx';
import { placeLabel } from '../series.ts';
import { useBench } from '../useBench.ts';
import { Advanced } from './Advanced.tsx';
import css from './controls.module.css';
import { LayerSizes } from './LayerSizes.tsx';
import { SizesField } from './SizesField.tsx';

const PROBLEM_ID = 'bench-problem';
const SUITE_LABELS = { collectives: 'Ring', layers: 'Layers', gemm: 'Kernels', model: 'Model' } as const;
const PLACEMENT_LABELS = { worker: 'A worker a rank', 'one-device': 'One device' } as const;

/** Everything a visitor can choose. Nothing runs before it is asked to. */
export function BenchControls() {
  const options = useBench((state) => state.options);
  const problem = useBench((state) => state.problem);
  const change = useBench((state) => state.change);
  const missing = noWebGpu(null);
  const { suites, ranks, devices, placements } = options;
  return (
    <>
      <ProblemText id={PROBLEM_ID} problem={problem} hasRun={false} />
      <Chips
        label="Suites"
        values={suites}
        options={SUITES.map((value) => ({ value, label: SUITE_LABELS[value] }))}
        onChange={(chosen) => change(withSuites(options, chosen))}
      />
      <Chips
        label="Devices"
        values={devices}
        options={DEVICES.map((value) => ({
          value,
          label: placeLabel({ backend: value, placement: 'worker' }),
          disabled: value === 'webgpu' ? (missing ?? undefined) : undefined,
        }))}
        onChange={(chosen) => change({ devices: chosen })}
      />
      <Chips
        label="Ranks"
        even
        values={ranks}
        options={[1, 2, 3, 4, 5, 6, 7, 8].map((value) => ({ value, label: String(value) }))}
        onChange={(chosen) => change({ ranks: chosen })}
      />
      <Chips
        label="Placement"
        values={placements}
        options={PLACEMENTS.map((value) => ({ value, label: PLACEMENT_LABELS[value] }))}
        onChange={(chosen) => change({ placements: chosen })}
      />
      {suites.includes('collectives') && <SizesField />}
      {(suites.includes('layers') || suites.includes('gemm')) && <LayerSizes />}
      <BudgetField />
      <Advanced />
    </>
  );
}

const STEPS = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** How long a case's iterations go on, at least. */
function BudgetField() {
  const id = useId();
  const budgetMs = useBench((state) => state.options.budgetMs);
  const change = useBench((state) => state.change);
  const at = STEPS.findIndex((ms) => ms >= budgetMs);
  const text = formatMs(budgetMs).replace('.0 ', ' ');
  return (
    <div className={css['budget']}>
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
