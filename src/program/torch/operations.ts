/** Each operation of the device as PyTorch has it: an expression, or a statement where it works in place. */

import type { OperationName, Operations, Tensor } from '../../operations/signatures.ts';
import type { Value } from '../program.ts';
import { byRank, call, cutText, python, tuple, type Use } from './python.ts';

/** An operand, and what it is called. */
export interface Named {
  readonly text: string;
  readonly value: Value;
}

/** A scalar is given for each rank, as it is at position 0. */
type InTorch<A> = A extends Tensor ? Named : A extends undefined ? undefined : readonly A[];
type AllInTorch<Args extends readonly unknown[]> = { [I in keyof Args]: InTorch<Args[I]> };
type Writers = {
  readonly [Name in OperationName]: (use: Use, ...args: AllInTorch<Parameters<Operations[Name]>>) => string;
};

export const torchOperations: Writers = {
  linear: (_, x, w, b) => call('F.linear', [x.text, w.text, ...(b === undefined ? [] : [b.text])]),
  linearPerHead(_, x, w) {
    const width = w.value.shapes[0]?.[2] ?? 0;
    return `torch.einsum("mhk,hnk->mhn", ${heads(x.text, width)}, ${w.text}).flatten(1)`;
  },
  add: (_, a, b) => `${a.text} + ${b.text}`,

  columns(use, x, start, end, count) {
    const widths = x.value.shapes.map((shape) => shape[1] ?? 0);
    if (count !== undefined) {
      const width = widthOfHead(x.value, count);
      return `${heads(x.text, width)}[..., ${byRank(start)}:${byRank(end)}].flatten(1)`;
    }
    const ranges = start.map((from, rank) => ({ start: from, end: end[rank] ?? 0 }));
    const [range = { start: 0, end: 0 }, ...others] = ranges;
    if (others.every((other) => other.start === range.start && other.end === range.end))
      return `${x.text}[:, ${range.start}:${range.end}]`;
    return cutText(use, x.text, ranges, 1, Math.max(...widths));
  },
  concatPerHead(_, a, b, count, shared) {
    const width = widthOfHead(a.value, count);
    const others = shared[0]
      ? `${b.text}[:, None].expand(-1, ${byRank(count)}, -1)`
      : heads(b.text, widthOfHead(b.value, count));
    return `torch.cat((${heads(a.text, width)}, ${others}), dim=-1).flatten(1)`;
  },
  rows: (use, x, indices) =>
    indices.value.placement.kind === 'own' // ids of another rank are −1
      ? call(use('own_rows'), [x.text, indices.text])
      : `${x.text}[${indices.text}]`,
  writeRows: (use, target, x, start) => `${target.text}${rowsFrom(use, start, x)} = ${x.text}`,
  addRows: (_, target, x, indices, weights) =>
    `${target.text}.index_add_(0, ${indices.text}, ${x.text} * ${weights.text}[:, None])`,

  rmsNorm: (use, x, w, epsilon) => call(use('rms_norm'), [x.text, w.text, byRank(epsilon)]),
  layerNorm: (_, x, w, b, epsilon) =>
    call('F.layer_norm', [x.text, `${w.text}.shape`, w.text, b.text, byRank(epsilon)]),
  siluMul: (_, gate, up) => `F.silu(${gate.text}) * ${up.text}`,
  gelu: (_, x, form) => call('F.gelu', [x.text], form[0] === 'tanh' ? { approximate: '"tanh"' } : {}),
  softmax: (_, x) => `${x.text}.softmax(-1)`,
  rope(use, x, table, options) {
    const [{ headDim, offset = 0, layout }] = options as [(typeof options)[number]];
    const starts = options.map((one) => one.start);
    const angles = `${table.text}${rowsFrom(use, starts, x)}`;
    const name = use(layout === 'half' ? 'rope_half' : 'rope_interleaved');
    return call(name, [x.text, angles, python(headDim)], offset > 0 ? { offset: python(offset) } : {});
  },
  attention(use, q, k, v, options) {
    const [{ scale, window, valueDim }] = options as [(typeof options)[number]];
    const queries = widthOfHead(
      q.value,
      options.map((one) => one.heads),
    );
    const kvHeads = options.map((one) => one.kvHeads);
    const [keys, values] = [widthOfHead(k.value, kvHeads), widthOfHead(v.value, kvHeads)];
    const seen = `:${use('position')} + len(${q.text})`;
    // A latent cache, which is keys and values at once, has one head: of the values it takes the first columns.
    const columns = valueDim === undefined || valueDim === values ? '' : `, :${valueDim}`;
    const dims = tuple([queries, keys, valueDim ?? values]);
    const args = [q.text, `${k.text}[${seen}]`, `${v.text}[${seen}${columns}]`, dims, python(scale)];
    return call(use('attend'), args, window === undefined ? {} : { window: python(window) });
  },
  gate(use, logits, options, bias) {
    const [{ topK, score, groups, topGroups, normalize, routeScale }] = options as [(typeof options)[number]];
    const scores = score === 'sigmoid' ? `${logits.text}.sigmoid()` : `${logits.text}.softmax(-1)`;
    return call(use('gate'), [scores, python(topK)], {
      ...(groups > 1 && { groups: python(groups), top_groups: python(topGroups) }),
      ...(bias !== undefined && { bias: bias.text }),
      ...(normalize && { normalize: 'True' }),
      ...(routeScale !== 1 && { scale: python(routeScale) }),
    });
  },

  rowMax(_, x) {
    const empty = x.value.shapes.some((shape) => shape[1] === 0);
    return `${empty ? `F.pad(${x.text}, (1, 0), value=torch.finfo().min)` : x.text}.amax(1)`;
  },
  sumExp: (_, x, shift) => `(${x.text} - ${shift.text}[:, None]).exp().sum(1)`,
  topK: (use, x, k) => call(use('top_k'), [x.text, byRank(k)]),
  // Behind the last column stands the 0 of what is not here, index −1.
  pick: (_, x, indices) => `F.pad(${x.text}, (0, 1))[torch.arange(len(${x.text})), ${indices.text}]`,
};

/** [M, H·d] → [M, H, d] */
function heads(x: string, width: number): string {
  return `${x}.unflatten(1, (-1, ${width}))`;
}

/** Columns of a head; a rank without heads has none to tell. */
function widthOfHead({ shapes }: Value, count: readonly number[]): number {
  const rank = count.findIndex((heads) => heads > 0);
  return rank < 0 ? 1 : (shapes[rank]?.[1] ?? 0) / (count[rank] ?? 1);
}

/** As many rows as x has, from the position of the first token on, or what a rank counts from there, or from the first. */
function rowsFrom(use: Use, starts: readonly number[], x: Named): string {
  const position = use('position');
  const from = starts.every((one) => one === 0) ? '' : byRank(starts);
  const start = [position, from].filter((text) => text !== '').join(' + ');
  if (start === '') return `[:len(${x.text})]`;
  return `[${start}:${start} + len(${x.text})]`;
}
