/** How a model may lie on GPUs: tensor × pipeline × expert × data parallelism. */

import type { Machine } from '../machines/fabrics.ts';
import { type CountedModel, layerCount } from './model/parts.ts';
import type { Load } from './question.ts';
import type { CodebaseId } from './verdicts/codebase.ts';
import { CODEBASES, legalDegrees } from './verdicts/verdicts.ts';

export interface Layout {
  /** GPUs that share each layer. */
  readonly tensor: number;
  /** Stages that the layers are dealt out to. */
  readonly pipeline: number;
  /**
   * GPUs that the experts are dealt out to, whole: 1 where there are none, or each is cut as an MLP is; `tensor` among those
   * that share a layer; `tensor` · `data` over all copies of the attention, which then are no copies of the whole model.
   */
  readonly expert: number;
  /** Copies. */
  readonly data: number;
}

export function gpusOf({ tensor, pipeline, data }: Layout): number {
  return tensor * pipeline * data;
}

/** Whether copies share their experts, and so wait for each other in every layer of experts. */
export function sharesExperts({ tensor, expert }: Layout): boolean {
  return expert > tensor;
}

/** More share no layer anywhere. */
const MOST_RANKS = 64;

/** Whose word counts: engines that serve, and what trains. */
const JUDGES: Readonly<Record<Load['work'], ReadonlySet<CodebaseId>>> = {
  serve: new Set(['vllm', 'sglang']),
  train: new Set(['megatron']),
};

/**
 * Tensor-parallel degrees that one of them allows; 1 is one in any case.
 * @param dealt experts are dealt out whole, so that their widths need not divide
 */
export function tensorDegrees(
  model: CountedModel,
  work: Load['work'],
  { most = MOST_RANKS, dealt = false }: { most?: number; dealt?: boolean } = {},
): number[] {
  const judges = CODEBASES.filter(({ id }) => JUDGES[work].has(id));
  const legal = judges.flatMap((judge) => legalDegrees(judge, model, { expertParallel: dealt }));
  return [...new Set([1, ...legal])].filter((p) => p <= most).sort((a, b) => a - b);
}

/** All that divide evenly: stages of as many layers each, or a power of two of them; copies by powers of two, and as many as there is room for. */
export function layoutsOf(
  model: CountedModel,
  { nodes, perNode }: Machine,
  work: Load['work'] = 'serve',
): Layout[] {
  const all = nodes * perNode;
  const layers = layerCount(model);
  const experts = Math.max(0, ...model.layers.map((layer) => layer.experts?.count ?? 0));
  // As many on each, and at least one.
  const isDealt = (ranks: number): boolean => experts > 0 && experts % ranks === 0;
  const cut = tensorDegrees(model, work, { most: all });
  const dealt = experts === 0 ? [] : tensorDegrees(model, work, { most: all, dealt: true });
  return [...new Set([...cut, ...dealt])].flatMap((tensor) => {
    const layouts: Layout[] = [];
    for (let pipeline = 1; pipeline <= Math.min(layers, all / tensor); pipeline++) {
      if (layers % pipeline !== 0 && !Number.isInteger(Math.log2(pipeline))) continue;
      for (const data of copiesOf(Math.floor(all / (tensor * pipeline)))) {
        const one = { tensor, pipeline, data };
        if (cut.includes(tensor)) layouts.push({ ...one, expert: 1 });
        if (!dealt.includes(tensor)) continue;
        if (tensor > 1 && isDealt(tensor)) layouts.push({ ...one, expert: tensor });
        if (data > 1 && isDealt(tensor * data)) layouts.push({ ...one, expert: tensor * data });
      }
    }
    return layouts;
  });
}

function copiesOf(most: number): number[] {
  const copies = [most];
  for (let data = 1; data < most; data *= 2) copies.push(data);
  return copies;
}
