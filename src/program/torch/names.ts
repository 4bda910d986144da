/** What Python calls the values of a program: "q", "self.q_proj", or with its prefix where two end alike. */

import { type Program, type Step, stepsOf, type Value } from '../program.ts';

export function pythonNames(program: Program): (value: Value) => string {
  const stored = new Set(program.storage.map(({ value }) => value));
  const sums = new Map<Value, Value>(); // an all_reduce works in place: what it sums is called as the sum
  for (const step of stepsOf(program))
    if (step.kind === 'collective' && step.collective === 'all_reduce') sums.set(step.input, step.output);
  const values = new Set(
    [...stored, ...program.inputs, ...stepsOf(program).flatMap(madeBy)].map(
      (value) => sums.get(value) ?? value,
    ),
  );
  const counts = new Map<string, number>();
  for (const value of values) {
    const short = shortOf(value, stored.has(value));
    counts.set(short, (counts.get(short) ?? 0) + 1);
  }
  return (value) => {
    const named = sums.get(value) ?? value;
    const own = stored.has(named);
    const short = shortOf(named, own);
    const name = identifier(counts.get(short) === 1 ? short : withoutWeight(named.id));
    return own ? `self.${name}` : name;
  };
}

/** What a step makes, the rounds of a loop included. */
function madeBy(step: Step): Value[] {
  if (step.kind !== 'experts') return step.output === null ? [] : [step.output];
  return [step.tokens, step.shares, ...step.body.flatMap(madeBy)];
}

/** Without the layer's prefix: "self_attn.q_proj.bias" is q_proj.bias, "self_attn.q" is q. */
function shortOf({ id }: Value, stored: boolean): string {
  const segments = withoutWeight(id).split('.');
  return segments.slice(stored && segments.at(-1) === 'bias' ? -2 : -1).join('.');
}

function withoutWeight(id: string): string {
  return id.replace(/\.weight\b/, '');
}

/** "q turned" is q_turned. */
function identifier(name: string): string {
  return name.replace(/\W+/g, '_');
}
