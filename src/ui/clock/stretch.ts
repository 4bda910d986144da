/** What a clock shows: stretches of time on the lanes of ranks, each of one kind. */

import type { OpSpan, Span } from '#base/trace.ts';

/** How it is drawn. Pages call them by names of their own; see {@link ClockModel.words}. */
export type Kind = 'upload' | 'product' | 'readback' | 'light' | 'copy' | 'wait';

export type LaneName = 'device' | 'comm' | 'wait';

/** A part of a span that is one thing: a ring step is a wait and then a copy. */
export interface Stretch {
  readonly span: Span;
  readonly kind: Kind;
  readonly lane: LaneName;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ClockLane {
  readonly name: LaneName;
  /** Beside the lane; null where rank and shape say enough. */
  readonly label: string | null;
  /** Pixels. */
  readonly height: number;
}

export interface ClockModel {
  readonly worldSize: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly lanes: readonly ClockLane[];
  /** In the order of {@link inOrder}. */
  readonly stretches: readonly Stretch[];
  readonly words: Readonly<Record<Kind, string>>;
  /** Of one stretch, without its rank: "GEMM, 1.2 ms, from …". */
  readonly describe: (stretch: Stretch) => string;
  /** The same, as short as a table wants it. */
  readonly nameOf: (stretch: Stretch) => string;
}

/** Where bars of a kind lie; each page has a place for those that wait. */
const LANES_OF: Readonly<Record<Kind, readonly LaneName[]>> = {
  upload: ['device'],
  product: ['device'],
  readback: ['device'],
  light: ['device'],
  copy: ['comm'],
  wait: ['comm', 'wait'],
};

/** The kinds that its lanes may show. */
export function kindsIn({ lanes }: Pick<ClockModel, 'lanes'>): Kind[] {
  const kinds = Object.keys(LANES_OF) as Kind[];
  return kinds.filter((kind) => lanes.some(({ name }) => LANES_OF[kind].includes(name)));
}

/** By rank, lane and time. */
export function inOrder(stretches: readonly Stretch[], lanes: readonly ClockLane[]): Stretch[] {
  const place = new Map(lanes.map(({ name }, index) => [name, index]));
  const lane = (stretch: Stretch): number => place.get(stretch.lane) ?? 0;
  return [...stretches].sort(
    (a, b) => a.span.rank - b.span.rank || lane(a) - lane(b) || a.startMs - b.startMs,
  );
}

/** Where most of the FLOPs are. */
const PRODUCTS: readonly OpSpan['op'][] = ['linear', 'linearPerHead', 'attention'];

/** Null for a whole collective, whose steps say more, and for what the host does beside the device. */
export function kindOf(span: Span): Kind | null {
  switch (span.kind) {
    case 'op':
      return PRODUCTS.includes(span.op) ? 'product' : 'light';
    case 'batch':
      return span.ops.some(({ op }) => PRODUCTS.includes(op)) ? 'product' : 'light';
    case 'upload':
    case 'readback':
      return span.kind;
    case 'step':
    case 'window':
    case 'message':
      return 'copy';
    case 'drain':
      return 'wait';
    case 'collective':
    case 'host':
      return null;
    default:
      return span satisfies never;
  }
}

/** The parts of a span: of a ring step the wait, if it waited, and the copy; of any other one at most. */
export function stretchesOf(span: Span, waitLane: LaneName): Stretch[] {
  const { startMs, endMs } = span;
  const kind = kindOf(span);
  if (kind === null) return [];
  const waited = span.kind === 'step' ? Math.min(endMs, startMs + span.waitMs) : startMs;
  const lane = kind === 'wait' ? waitLane : kind === 'copy' ? 'comm' : 'device';
  const rest: Stretch = { span, kind, lane, startMs: waited, endMs };
  return waited === startMs ? [rest] : [{ span, kind: 'wait', lane: waitLane, startMs, endMs: waited }, rest];
}
