/** Why parameters cannot run, and what would. */

import { listed, quoted } from '../../base/shown.ts';
import { presets } from '../../models/presets.ts';
import { definitionsOf, halvesOf, type LayerSpec } from '../../program/layers.ts';
import { firstProblem, valueProblem } from '../parameters.ts';
import { budgetProblem } from './budget.ts';
import { CHOICES, DEFINITIONS, LAYER_CHOICES, type LayerParams, presetLayer, presetsFor } from './params.ts';
import { withSizes } from './spec.ts';

/** One sentence or two, with the value that is wrong and what would do; null where all is well. */
export function problemWith(params: LayerParams): string | null {
  const chosen = firstProblem(CHOICES, params);
  if (chosen !== null) return chosen;
  const found = presetLayer(params.layer, params.preset);
  if (found === null) {
    const model = presets.find(({ id }) => id === params.preset)?.label;
    const layer = LAYER_CHOICES.find(({ id }) => id === params.layer)?.label;
    const others = presetsFor(params.layer).map(({ label }) => label);
    return `${model} has no layer “${layer}”. Choose ${listed(others, 'or')}.`;
  }
  const spec = withSizes(found.scaled.spec, params.sizes);
  return (
    firstProblem(DEFINITIONS, params) ??
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
      return `This layer has no ${quoted(path)}. It has ${listed(definitions.map((one) => one.path))}.`;
    }
    const problem = valueProblem(definition, value);
    if (problem !== null) return problem;
  }
  return null;
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
