/**
 * Bugs that people have shipped, as programs: each exhibit is written right and wrong, on any number of ranks. The
 * builder refuses most of the wrong ones unless it is told that all is well (`placement`), as a framework without
 * placements would let them pass. On one rank each is right: that is how they got out.
 */

import { attention, outputSplit } from './attention.ts';
import { cutOf, evenCut, rangeOf, unitsOf } from './cuts.ts';
import {
  biasAfterSum,
  columnSplit,
  type LinearWeights,
  linear,
  ownColumns,
  rowSplit,
  rowSplitWithBias,
} from './linear.ts';
import { ignored, logP, padded, type Write } from './museumVocabulary.ts';
import { rmsNorm } from './norm.ts';
import { type ProgramBuilder, programBuilder } from './ProgramBuilder.ts';
import { type Program, partial, replicated, type Value } from './program.ts';
import { anglesTable } from './rope.ts';
import { headShares } from './shares.ts';

/** Of every exhibit: x `[TOKENS, HIDDEN]` in, y with a row a token out. */
export const MUSEUM = {
  tokens: 8,
  hidden: 16,
  inner: 32,
  heads: 8,
  kvHeads: 2,
  headDim: 2,
  worldSize: 4,
} as const;

const { hidden, inner } = MUSEUM;
const EPSILON = 1e-5;

const up: LinearWeights = { name: 'up_proj', label: 'Wup', out: inner, in: hidden };
const down: LinearWeights = { name: 'down_proj', label: 'Wdown', out: hidden, in: inner };
const columnsOf = (b: ProgramBuilder) => evenCut('column', inner, b.worldSize);
/** `[T, inner/p]` */
const raised = (b: ProgramBuilder, x: Value): Value => columnSplit(b, 'h', x, up, columnsOf(b));
/** A term of `[T, hidden]`. */
const lowered = (b: ProgramBuilder, h: Value): Value => rowSplit(b, 'partial', h, down, columnsOf(b));

/** The bias is added before the sum, by every rank. */
const bias: Write = (b, x, wrong) => {
  const weights = { ...down, bias: true };
  const h = raised(b, x);
  if (wrong) return b.allReduce('y', rowSplitWithBias(b, 'partial', h, weights, columnsOf(b)));
  return biasAfterSum(b, 'y', b.allReduce('sum', rowSplit(b, 'partial', h, weights, columnsOf(b))), weights);
};

/** Nobody sums: each rank goes on with its own term. */
const forgotten: Write = (b, x, wrong) => {
  const h = raised(b, x);
  if (!wrong) return b.allReduce('y', lowered(b, h));
  const { name, label, out, in: width } = down;
  const w = b.weight(`${name}.weight`, { label, shape: [out, width], cut: { dim: 1, by: columnsOf(b) } });
  return b.linear({ id: 'y', placement: replicated }, h, w);
};

/** The layer was not cut at all, and is summed as if it had been. */
const summedTwice: Write = (b, x, wrong) => {
  if (!wrong) return b.allReduce('y', lowered(b, raised(b, x)));
  const h = linear(b, 'h', x, up);
  return b.allReduce('y', linear(b, { id: 'full', placement: partial }, h, down));
};

/** The residual joins the term of every rank, and the sum counts each. */
const residual: Write = (b, x, wrong) => {
  const term = lowered(b, raised(b, x));
  if (wrong) return b.allReduce('y', b.add({ id: 'added', placement: partial }, term, x));
  return b.add('y', b.allReduce('sum', term), x);
};

/** gate and up lie in one weight, which is cut as if it were one: some ranks have gate twice, others up. */
const seam: Write = (b, x, wrong) => {
  const by = columnsOf(b);
  const half = (name: 'gate' | 'up', at: 0 | 1): Value => {
    const weights = { name: `${name}_proj`, label: `W${name}`, out: inner, in: hidden };
    if (!wrong) return columnSplit(b, name, x, weights, by);
    const w = b.arranged(`${name} of the merged`, {
      label: weights.label,
      shape: [inner, hidden],
      cut: { dim: 0, by },
      arrange: null,
      parts(rank) {
        const { start, end } = rangeOf(by, rank);
        const from = 2 * start + at * (end - start); // in [gate | up], of which the rank has a stretch
        const of = from < inner ? 'gate' : 'up';
        const first = from % inner;
        return [
          {
            name: `${of}_proj.weight`,
            rows: { start: first, end: first + end - start },
            cols: { start: 0, end: hidden },
          },
        ];
      },
    });
    return b.linear(name, x, w);
  };
  const h = b.siluMul('act', half('gate', 0), half('up', 1));
  return b.allReduce('y', lowered(b, h));
};

/** The norm's mean is taken over the columns of one rank. */
const norm: Write = (b, x, wrong) => {
  const by = columnsOf(b);
  const h = raised(b, x);
  const weights = { name: 'norm', width: inner, epsilon: EPSILON };
  if (!wrong) {
    const whole = h.placement.kind === 'sharded' ? b.allGather('whole', h) : h;
    return b.allReduce('y', lowered(b, ownColumns(b, rmsNorm(b, 'normed', whole, weights), by)));
  }
  const w = b.weight('norm.weight', { label: 'w', shape: [inner], cut: { dim: 0, by } });
  return b.allReduce('y', lowered(b, b.rmsNorm('normed', h, w, EPSILON)));
};

/** With fewer key/value heads than ranks, rank r reads head r mod KV in place of ⌊r / copies⌋. */
const keyValueHead: Write = (b, x, wrong) => {
  const { heads, kvHeads, headDim, tokens } = MUSEUM;
  const config = {
    hidden,
    heads,
    kvHeads,
    headDim,
    rope: null,
    qkvBias: false,
    qkNorm: false,
    normEpsilon: EPSILON,
  };
  if (!wrong || b.worldSize === 1) return attention(b, x, config, tokens);
  const shares = headShares(heads, kvHeads, b.worldSize);
  const query = cutOf(
    'head',
    shares.map((share) => share.query),
    headDim,
  );
  const kv = cutOf(
    'head',
    shares.map((share) => share.kv),
    headDim,
  );
  const q = columnSplit(b, 'q', x, { name: 'q_proj', label: 'Wq', out: heads * headDim, in: hidden }, query);
  const project = (name: 'k' | 'v'): Value => {
    const w = b.arranged(`${name} of another head`, {
      label: `W${name}`,
      shape: [kvHeads * headDim, hidden],
      cut: { dim: 0, by: kv },
      arrange: null,
      parts(rank) {
        const start = (rank % kvHeads) * headDim;
        return [
          {
            name: `${name}_proj.weight`,
            rows: { start, end: start + headDim },
            cols: { start: 0, end: hidden },
          },
        ];
      },
    });
    return b.linear(name, x, w);
  };
  const out = b.attention('heads out', q, project('k'), project('v'), ({ rank }) => ({
    heads: unitsOf(query, rank),
    kvHeads: unitsOf(kv, rank),
    start: 0,
    scale: 1 / Math.sqrt(headDim),
    causal: true,
  }));
  return b.allReduce('y', outputSplit(b, out, { hidden, width: heads * headDim, heads: query }));
};

/** Each rank has tokens of its own, and counts their positions from 0. */
const position: Write = (b, x, wrong) => {
  const by = evenCut('token', b.tokens, b.worldSize);
  const angles = anglesTable(b, { theta: 10_000 }, hidden, MUSEUM.tokens);
  const q = linear(b, 'q', x, { name: 'q_proj', label: 'Wq', out: hidden, in: hidden }); // [T/p, hidden]
  const turned = b.rope('turned', q, angles, ({ rank }) => ({
    headDim: hidden,
    start: wrong ? 0 : rangeOf(by, rank).start,
    layout: 'half',
  }));
  return b.allGather('y', turned);
};

const WRITERS = {
  bias,
  forgotten,
  'summed-twice': summedTwice,
  residual,
  seam,
  norm,
  'kv-head': keyValueHead,
  position,
  padded,
  ignored,
  'log-p': logP,
} as const satisfies Readonly<Record<string, Write>>;

/** The last is no program: ranks that hurry, in a simulation of the ring (rank/programs/museum/windowRace.ts). */
export type ExhibitId = keyof typeof WRITERS | 'window';

export const EXHIBITS: readonly ExhibitId[] = [
  ...(Object.keys(WRITERS) as (keyof typeof WRITERS)[]),
  'window',
];

/** y of an exhibit, whole on every rank. */
export function museumProgram(id: Exclude<ExhibitId, 'window'>, worldSize: number, wrong: boolean): Program {
  const b = programBuilder(worldSize, MUSEUM.tokens);
  const cut =
    id === 'position' ? ({ dim: 0, by: evenCut('token', MUSEUM.tokens, worldSize) } as const) : null;
  const x = b.input('x', [MUSEUM.tokens, hidden], cut);
  b.stage(id);
  return b.finish(WRITERS[id](b, x, wrong));
}
