/** The sizes of a counted model that tensor parallelism cuts, each once, and what uneven shares of one waste. */

import { lengthOf, shardRanges } from '../../numerics/ranges.ts';
import { type CountedModel, headsOf, type Weight } from '../model/parts.ts';

/** A number of columns, or of anything else that is cut. */
export interface CutSize {
  /** In the plural: "MLP columns". */
  readonly what: string;
  readonly size: number;
}

/** A side of one of attention's weights `[out, in]`: the outputs of a column split or the inputs of a row split. */
export interface Projection extends CutSize {
  readonly side: 'out' | 'in';
  /** Of which a rank has at least so much: one key head, where they are copied. */
  readonly least: number;
}

export interface CutSizes {
  readonly heads: number;
  /** As many as `heads` in latent attention. */
  readonly kvHeads: number;
  /** Of attention. */
  readonly projections: readonly Projection[];
  /** Of the MLPs and shared experts, which every codebase cuts: outputs of gate and up, inputs of down. */
  readonly mlps: readonly CutSize[];
  /** Columns of one expert: whole experts are dealt out, or each is cut. Null without experts. */
  readonly expertColumns: CutSize | null;
  /** Null without experts. */
  readonly experts: number | null;
  readonly vocab: number;
}

export function cutSizesOf(model: CountedModel): CutSizes {
  const { heads, kvHeads } = headsOf(model);
  const [first] = model.layers;
  const downs = model.layers.flatMap(({ weights }) =>
    weights.filter(({ module, kind }) => kind === 'matrix' && module.endsWith('down_proj')),
  );
  const widths = (what: string, of: (weight: Weight) => boolean): CutSize[] =>
    [...new Set(downs.filter(of).map((weight) => weight.in))].map((size) => ({ what, size }));
  const shared = ({ module }: Weight): boolean => module.includes('shared_expert');
  const dealt = ({ cut }: Weight): boolean => cut === 'experts';
  const [expertColumns] = widths('columns of each expert', dealt);
  return {
    heads,
    kvHeads,
    projections: projectionsOf(first?.weights ?? [], heads),
    mlps: [
      ...widths('MLP columns', (weight) => !dealt(weight) && !shared(weight)),
      ...widths('columns of the shared experts', shared),
    ],
    expertColumns: expertColumns ?? null,
    experts: model.layers.find(({ experts }) => experts !== null)?.experts?.count ?? null,
    vocab: model.vocab,
  };
}

function projectionsOf(weights: readonly Weight[], heads: number): Projection[] {
  const find = (name: string): Weight | undefined =>
    weights.find(({ module, kind }) => kind === 'matrix' && module === `self_attn.${name}`);
  const [query, key, latent, output] = [
    find('q_b_proj') ?? find('q_proj'),
    find('k_proj'),
    find('kv_b_proj'),
    find('o_proj'),
  ];
  const headDim = (query?.out ?? 0) / heads;
  return [
    ...(query ? [{ what: 'query columns', size: query.out, side: 'out', least: 0 } as const] : []),
    ...(key ? [{ what: 'key columns', size: key.out, side: 'out', least: headDim } as const] : []),
    ...(latent ? [{ what: 'key and value columns', size: latent.out, side: 'out', least: 0 } as const] : []),
    ...(output
      ? [
          {
            what: latent ? 'value columns' : 'columns of the heads’ outputs',
            size: output.in,
            side: 'in',
            least: 0,
          } as const,
        ]
      : []),
  ];
}

/** A sentence where a size does not divide, without a full stop; else nothing. */
export function uneven({ what, size }: CutSize, p: number): string[] {
  return size % p === 0 ? [] : [`${grouped(size)} ${what} do not divide by ${p}`];
}

/** Of what is dealt out as evenly as it goes. */
export function shareRemarks(cut: CutSize, p: number): string[] {
  return imbalance(cut, shardRanges(cut.size, p).map(lengthOf));
}

/** Nothing where the fullest rank has at most a twentieth more than its even share. */
export function imbalance({ what, size }: CutSize, shares: readonly number[]): string[] {
  const most = Math.max(...shares);
  const least = Math.min(...shares);
  const idle = shares.filter((share) => share === 0).length;
  if (idle > 0)
    return [
      `${idle} of ${shares.length} ranks ${idle === 1 ? 'holds' : 'hold'} none of the ${grouped(size)} ${what}`,
    ];
  if (most * shares.length <= 1.05 * size) return [];
  return [`some ranks hold ${grouped(most)} of the ${grouped(size)} ${what}, others ${grouped(least)}`];
}

/** "28,672" */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ','); // tens of thousands of reasons: toLocaleString is slower
}
