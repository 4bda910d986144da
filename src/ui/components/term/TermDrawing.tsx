import type { ReactElement } from 'react';
import type { TermId } from './glossary.ts';
import css from './term.module.css';

/** A term in a glance, in the page's grammar: filled is a shard, dashed a partial, an accent line moves. */
export function TermDrawing({ term }: { readonly term: TermId }) {
  return (
    <svg className={css['drawing']} viewBox="0 0 72 54" aria-hidden="true">
      {DRAWINGS[term]}
    </svg>
  );
}

const box = (x: number, y: number, width: number, height: number, look: string, rank?: number) => (
  <rect
    key={`${look} ${x} ${y}`}
    className={css[look]}
    data-rank={rank}
    x={x}
    y={y}
    width={width}
    height={height}
    rx="2"
  />
);
const arrow = (d: string) => <path key={d} className={css['arrow']} d={d} />;
const text = (x: number, y: number, value: string) => (
  <text key={`${x} ${y}`} x={x} y={y} textAnchor="middle">
    {value}
  </text>
);
const four = (of: (rank: number) => ReactElement | ReactElement[]) =>
  [0, 1, 2, 3].flatMap((rank) => of(rank));

const onRing = [
  [36, 8],
  [58, 27],
  [36, 46],
  [14, 27],
] as const;
const ringOf = (look: string) =>
  onRing
    .map(([x, y], rank) => box(x - 7, y - 6, 14, 12, look, rank))
    .concat([
      arrow('M46 10 L54 19 M54 14 V19 H49'),
      arrow('M54 35 L46 44 M51 44 H46 V39'),
      arrow('M26 44 L18 35 M18 40 V35 H23'),
      arrow('M18 19 L26 10 M21 10 H26 V15'),
    ]);

const DRAWINGS: Readonly<Record<TermId, readonly ReactElement[]>> = {
  rank: four((rank) => [box(2 + rank * 18, 14, 14, 26, 'filled', rank), text(9 + rank * 18, 31, '')]).concat(
    [0, 1, 2, 3].map((rank) => text(9 + rank * 18, 52, String(rank))),
  ),
  shard: [box(8, 6, 56, 42, 'whole'), box(36, 6, 14, 42, 'filled', 2)],
  partial: [box(20, 4, 40, 34, 'dashed', 1), box(12, 14, 40, 34, 'dashed', 0)],
  collective: [
    ...four((rank) => box(4 + rank * 17, 4, 12, 16, 'filled', rank)),
    arrow('M4 27 H68'),
    ...four((rank) => box(4 + rank * 17, 34, 12, 16, 'whole')),
  ],
  'all-reduce': [
    ...four((rank) => box(4 + rank * 17, 4, 12, 16, 'dashed', rank)),
    text(36, 32, 'Σ'),
    arrow('M4 27 H28 M44 27 H68'),
    ...four((rank) => box(4 + rank * 17, 36, 12, 16, 'whole')),
  ],
  'all-gather': [
    ...four((rank) => box(4 + rank * 17, 4, 12, 16, 'filled', rank)),
    arrow('M4 27 H68'),
    ...four((rank) => four((part) => box(4 + rank * 17 + part * 3, 36, 3, 16, 'filled', part))),
  ],
  'reduce-scatter': [
    ...four((rank) => box(4 + rank * 17, 4, 12, 16, 'dashed', rank)),
    text(36, 32, 'Σ'),
    arrow('M4 27 H28 M44 27 H68'),
    ...four((rank) => box(4 + rank * 17 + rank * 3, 36, 3, 16, 'filled', rank)),
  ],
  ring: ringOf('filled'),
  chunk: [...four((rank) => box(8, 4 + rank * 12, 56, 10, 'filled', rank))],
  gemm: [
    box(4, 12, 22, 30, 'whole'),
    text(31, 31, '·'),
    box(36, 4, 14, 22, 'whole'),
    text(54, 31, '='),
    box(58, 12, 12, 30, 'whole'),
  ],
  readback: [
    box(4, 10, 24, 34, 'filled', 0),
    arrow('M31 27 H43 M38 22 L43 27 L38 32'),
    box(46, 10, 24, 34, 'whole'),
  ],
  tolerance: [arrow('M6 27 H66'), box(24, 15, 24, 24, 'whole'), box(38, 21, 4, 12, 'filled', 2)],
  float64: [box(4, 8, 28, 12, 'whole'), text(18, 18, '24'), box(4, 32, 62, 12, 'whole'), text(35, 42, '53')],
  'same bits': [
    ...[0, 1, 2, 3, 4].map((i) => text(12 + i * 12, 22, String((i * 3) % 2))),
    ...[0, 1, 2, 3, 4].map((i) => text(12 + i * 12, 44, String((i * 3) % 2))),
  ],
  'column split': four((rank) => box(8 + rank * 14, 6, 13, 42, 'filled', rank)),
  'row split': four((rank) => box(8, 4 + rank * 12, 56, 11, 'filled', rank)),
  mlp: [
    box(2, 20, 10, 14, 'whole'),
    arrow('M15 27 H23 M19 23 L23 27 L19 31'),
    ...four((rank) => box(26, 3 + rank * 12, 14, 11, 'filled', rank)),
    arrow('M43 27 H51 M47 23 L51 27 L47 31'),
    box(54, 20, 10, 14, 'whole'),
  ],
  attention: [
    ...four((rank) => box(4 + rank * 17, 6, 12, 12, 'whole')),
    box(55, 36, 12, 12, 'filled', 0),
    arrow('M58 34 L13 20 M60 34 L29 20 M61 34 L45 20 M62 34 V20'),
  ],
  'key/value head': [
    ...four((rank) => box(4 + rank * 17, 6, 12, 12, 'filled', rank)),
    arrow('M10 20 L20 34 M27 20 L20 34 M44 20 L54 34 M61 20 L54 34'),
    box(14, 36, 12, 12, 'whole'),
    box(48, 36, 12, 12, 'whole'),
  ],
  norm: [
    ...[26, 8, 40].map((width, i) => box(2, 6 + i * 15, width / 1.5, 11, 'whole')),
    arrow('M33 27 H41 M37 23 L41 27 L37 31'),
    ...[0, 1, 2].map((i) => box(46, 6 + i * 15, 20, 11, 'whole')),
  ],
  rope: [
    arrow('M12 46 H60'),
    arrow('M12 46 L52 22'),
    arrow('M12 46 L34 8'),
    arrow('M48 46 A36 36 0 0 0 43 27'),
  ],
  'kv cache': [
    ...[0, 1, 2, 3].map((i) => box(4 + i * 12, 12, 10, 30, 'whole')),
    box(56, 12, 10, 30, 'filled', 0),
  ],
  residual: [
    arrow('M4 34 H24 M20 30 L24 34 L20 38'),
    box(26, 26, 18, 16, 'whole'),
    arrow('M46 34 H68 M64 30 L68 34 L64 38'),
    arrow('M10 34 V10 H56 V30 M52 26 L56 30 L60 26'),
  ],
  'mixture of experts': [
    ...four((rank) => box(6 + rank * 16, 22, 12, 26, rank === 1 ? 'filled' : 'whole', rank)),
    arrow('M36 4 L28 19 M33 17 L28 19 L27 14'),
  ],
};
