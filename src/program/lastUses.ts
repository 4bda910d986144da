/** When a value is needed for the last time: behind that step its memory is free. */

import { operandsOf, type Program, type Step, stepsOf, type Value } from './program.ts';

/** The steps of a program, and which values nobody needs behind each. */
export function lastUses(
  program: Program,
): readonly { readonly step: Step; readonly unneeded: readonly Value[] }[] {
  const known = lifetimes.get(program);
  if (known !== undefined) return known;
  const steps = stepsOf(program);
  const last = new Map<Value, Step>();
  for (const step of steps) {
    if (step.kind !== 'experts' && step.output !== null) last.set(step.output, step); // where nobody reads it
    for (const value of operandsOf(step)) last.set(value, step);
  }
  last.delete(program.output);
  const found = steps.map((step) => ({
    step,
    unneeded: [...last].filter(([, at]) => at === step).map(([value]) => value),
  }));
  lifetimes.set(program, found);
  return found;
}

const lifetimes = new WeakMap<Program, ReturnType<typeof lastUses>>();
