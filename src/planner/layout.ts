/** How a model may lie on GPUs: tensor × pipeline × expert × data parallelism. */

import type { Machine } from '../machines/fabrics.ts';
import { type CountedModel, headsOf, layerCount, type Weight } from './model/parts.ts';

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

/** The largest group of GPUs that serving engines put on a layer. */
const MOST_TENSOR = 64;

/**
 * Heads, key/value heads and widths that divide, as vLLM, SGLang and Megatron-LM ask.
 * @param dealt experts are dealt out whole, so that their widths need not divide
 */
export function tensorDegrees(model: CountedModel, most: number, dealt = false): number[] {
  const { heads, kvHeads } = headsOf(model);
  const isCut = ({ module, cut }: Weight): boolean =>
    module.endsWith('down_proj') && !(dealt && cut === 'experts');
  const widths = model.layers.flatMap(({ weights }) => weights.filter(isCut).map((weight) => weight.in));
  const isLegal = (p: number): boolean =>
    heads % p === 0 && (kvHeads % p === 0 || p % kvHeads === 0) && widths.every((width) => width % p === 0);
  return Array.from({ length: Math.min(most, heads, MOST_TENSOR) }, (_, i) => i + 1).filter(isLegal);
}

/** All that divide evenly: stages of as many layers each, or a power of two of them; copies by powers of two, and as many as there is room for. */
export function layoutsOf(model: CountedModel, { nodes, perNode }: Machine): Layout[] {
  const all = nodes * perNode;
  const layers = layerCount(model);
  const experts = Math.max(0, ...model.layers.map((layer) => layer.experts?.count ?? 0));
  const [cut, dealt] = [tensorDegrees(model, all), tensorDegrees(model, all, true)];
  return dealt.flatMap((tensor) => {
    const layouts: Layout[] = [];
    for (let pipeline = 1; pipeline <= Math.min(layers, all / tensor); pipeline++) {
      if (layers % pipeline !== 0 && !Number.isInteger(Math.log2(pipeline))) continue;
      for (const data of copiesOf(Math.floor(all / (tensor * pipeline)))) {
        const one = { tensor, pipeline, data };
        if (cut.includes(tensor)) layouts.push({ ...one, expert: 1 });
        if (tensor > 1 && tensor <= experts) layouts.push({ ...one, expert: tensor });
        if (data > 1 && tensor * data <= experts) layouts.push({ ...one, expert: tensor * data });
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
