/** Why parameters cannot run, and what would. */

import { quoted } from '../../base/shown.ts';
import { presets } from '../../models/presets.ts';
import type { Definition } from '../../program/definition.ts';
import { definitionsOf, halvesOf, type LayerSpec } from '../../program/layers.ts';
import { deviceProblem, rangeProblem, shown } from '../inputs.ts';
import { budgetProblem } from './budget.ts';
import { LAYER_CHOICES, MAX_PAST, MAX_RANKS, MAX_TOKENS, presetLayer, presetsFor } from './choices.ts';
import { withSizes } from './fields.ts';
import type { FieldValue, LayerParams } from './params.ts';

/** One sentence or two, with the value that is wrong and what would do; null where all is well. */
export function problemWith(params: LayerParams): string | null {
  const choice = LAYER_CHOICES.find(({ id }) => id === params.layer);
  if (choice === undefined) {
    return `${quoted(params.layer)} is no layer. Use ${listOf(LAYER_CHOICES.map(({ id }) => id))}.`;
  }
  const model = presets.find(({ id }) => id === params.preset);
  if (model === undefined) {
    return `${quoted(params.preset)} is no model here. Use ${listOf(presets.map(({ id }) => id))}.`;
  }
  const found = presetLayer(params.layer, params.preset);
  if (found === null) {
    const others = presetsFor(params.layer).map(({ label }) => label);
    return `${model.label} has no layer “${choice.label}”. Choose ${listOf(others)}.`;
  }
  const spec = withSizes(found.scaled.spec, params.sizes);
  return (
    deviceProblem(params.device) ??
    rangeProblem([
      ['The number of ranks', params.ranks, 1, MAX_RANKS],
      ['The number of tokens', params.tokens, 1, MAX_TOKENS],
      ['The number of earlier tokens', params.past, 0, MAX_PAST],
      ['The seed', params.seed, 0, 0xffff_ffff],
    ]) ??
    fieldProblem(found.scaled.spec, params.sizes) ??
    relationProblem(spec) ??
    budgetProblem(spec, params)
  );
}

function fieldProblem(spec: LayerSpec, sizes: LayerParams['sizes']): string | null {
  const definitions = definitionsOf(spec);
  for (const [path, value] of Object.entries(sizes)) {
    const definition = definitions.find((one) => one.path === path);
    if (definition === undefined) {
      return `This layer has no ${quoted(path)}. It has ${listOf(
        definitions.map((one) => one.path),
        'and',
      )}.`;
    }
    const problem = valueProblem(definition, value);
    if (problem !== null) return problem;
  }
  return null;
}

function valueProblem(definition: Definition, value: FieldValue): string | null {
  const name = `“${definition.label}”`;
  switch (definition.kind) {
    case 'size': {
      const { min, max, step = 1 } = definition;
      const whole = typeof value === 'number' && Number.isInteger(value);
      if (whole && value >= min && value <= max && value % step === 0) return null;
      const number = step === 1 ? 'a whole number' : `a multiple of ${step}`;
      return `${name} is ${shown(value)}. It must be ${number} from ${min} to ${max.toLocaleString('en')}.`;
    }
    case 'switch':
      return typeof value === 'boolean' ? null : `${name} is ${shown(value)}. It must be 1 or 0.`;
    case 'choice': {
      const values = definition.options.map((option) => option.value);
      if (typeof value !== 'boolean' && values.includes(value)) return null;
      return `${name} is ${shown(value)}. Use ${listOf(values.map(String))}.`;
    }
    default:
      return definition satisfies never;
  }
}

/** What holds between fields, each of which is in its range. */
function relationProblem(spec: LayerSpec): string | null {
  const { attention, mlp } = halvesOf(spec);
  if (attention?.kind === 'attention') {
    const { heads, kvHeads, headDim, rope } = attention;
    if (heads % kvHeads !== 0) {
      const less = largestDivisor(heads, kvHeads);
      return `${kvHeads} key/value heads do not divide ${heads} query heads. With ${heads} heads, ${less} would do.`;
    }
    if (rope !== null && headDim % 2 !== 0) {
      return `RoPE turns pairs of columns, and a head has ${headDim}. Take ${headDim + 1}, or switch RoPE off.`;
    }
  }
  if (mlp?.kind !== 'moe') return null;
  const { experts, groups, topGroups, topK } = mlp;
  if (experts % groups !== 0) {
    return `${experts} experts cannot be in ${groups} equal groups. Take ${largestDivisor(experts, groups)}.`;
  }
  if (topGroups > groups)
    return `A token cannot choose ${topGroups} groups of ${groups}. Take ${groups} or fewer.`;
  const reachable = (experts / groups) * topGroups;
  if (topK > reachable) {
    const from = groups === 1 ? `of ${experts}` : `of the ${reachable} in its groups`;
    return `A token cannot choose ${topK} experts ${from}. Take ${reachable} or fewer.`;
  }
  return null;
}

function largestDivisor(of: number, most: number): number {
  for (let divisor = Math.min(of, most); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}

function listOf(names: readonly string[], word = 'or'): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
