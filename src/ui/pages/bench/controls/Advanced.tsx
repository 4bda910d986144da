import { ALGORITHMS, VARIANTS, WEIGHT_TYPES } from '#bench/axes.ts';
import { opsOf } from '#bench/options.ts';
import { Fold } from '#ui/components/Fold.tsx';
import { Chips } from '#ui/components/Options.tsx';
import { opLabel } from '../series.ts';
import { useBench } from '../useBench.ts';
import { TextField } from './TextField.tsx';
import { BLOCKS, CHECKPOINTS, PASSES, SEED, SHAPES } from './textFields.ts';

const ALGORITHM_LABELS = {
  auto: 'Auto',
  ring: 'Ring',
  'one-shot': 'One-shot',
  'two-shot': 'Two-shot',
} as const;

const WEIGHT_LABELS = {
  f32: 'float32',
  f16: 'float16',
  bf16: 'bfloat16',
  q8: 'int8 blocks',
  q4: 'int4 blocks',
} as const;

/** What most leave as it is. */
export function Advanced() {
  const options = useBench((state) => state.options);
  const change = useBench((state) => state.change);
  const { suites, ops, algorithms, variants, weights } = options;
  const own = opsOf(suites);
  const chosen = ops.length === 0 ? own : ops;
  return (
    <Fold title="Advanced" changed={ops.length > 0 ? `${ops.length} of ${own.length} operations` : ''}>
      <Chips
        label="Operations"
        values={chosen}
        options={own.map((value) => ({ value, label: opLabel(value) }))}
        onChange={(values) => change({ ops: values.length === own.length ? [] : values })}
      />
      {suites.includes('collectives') && (
        <Chips
          label="Algorithms of the all-reduce"
          values={algorithms}
          options={ALGORITHMS.map((value) => ({ value, label: ALGORITHM_LABELS[value] }))}
          onChange={(values) => change({ algorithms: values })}
        />
      )}
      {suites.includes('gemm') && (
        <Chips
          label="WebGPU kernels"
          values={variants}
          options={VARIANTS.map((value) => ({ value, label: value }))}
          onChange={(values) => change({ variants: values })}
        />
      )}
      {suites.includes('gemm') && (
        <Chips
          label="Weights of these kernels"
          values={weights}
          options={WEIGHT_TYPES.map((value) => ({ value, label: WEIGHT_LABELS[value] }))}
          onChange={(values) => change({ weights: values })}
        />
      )}
      {(suites.includes('layers') || suites.includes('gemm')) && <TextField field={SHAPES} />}
      {(suites.includes('layers') || suites.includes('model')) && <TextField field={PASSES} />}
      {suites.includes('layers') && <TextField field={BLOCKS} />}
      {suites.includes('model') && <TextField field={CHECKPOINTS} />}
      <TextField field={SEED} />
    </Fold>
  );
}
