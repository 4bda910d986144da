import type { PlanFields } from '#lab/plan/params.ts';
import type { Size } from '#program/definition.ts';
import { SizeField } from '#ui/components/Fields.tsx';
import { PROBLEM_ID, usePlan } from '../usePlan.ts';

/** The fields that are numbers. */
type NumberPath = {
  [Path in keyof PlanFields]: PlanFields[Path] extends number ? Path : never;
}[keyof PlanFields];

interface NumberFieldProps {
  readonly definition: Size<NumberPath>;
  /** What it is counted in: "tokens". */
  readonly meaning?: string;
  /** What a slider reaches; none where left out. */
  readonly sliderMax?: number;
}

/** A whole number of the question, typed, or counted with a slider or the arrow keys. */
export function NumberField({ definition, meaning = '', sliderMax }: NumberFieldProps) {
  const { path, label, name = label, min, max, fraction = false } = definition;
  const value = usePlan((state) => state.params[path]);
  const change = usePlan((state) => state.change);
  return (
    <SizeField
      name={label}
      meaning={meaning}
      spoken={name}
      value={value}
      min={min}
      max={max}
      sliderMax={sliderMax ?? null}
      fraction={fraction}
      problemId={PROBLEM_ID}
      onChange={(next) => change({ [path]: next })}
    />
  );
}
