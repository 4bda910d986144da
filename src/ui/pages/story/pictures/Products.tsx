import type { PairCut } from '#program/cutPair.ts';
import type { PairGiven } from '../chapters/pair.ts';
import look from './pair.module.css';

interface ProductsProps {
  readonly sizes: PairGiven['sizes'];
  /** Null: not chosen yet. */
  readonly first: PairCut | null;
  readonly second: PairCut | null;
}

/** Pixels that a row or a column takes, and where the matrices stand. */
const UNIT = 3.6;
const MIDDLE = { first: 64, second: 196 };
const LEFT = { x: 70, a: 190, h: 400, b: 220, y: 556 };
const EQUALS = { first: 355, second: 532 };

/** X·A = H, and H·B = Y below it: a band leads from a rank's columns of H to its rows of B, where it has both. */
export function Products({ sizes: { worldSize, m, k, n }, first, second }: ProductsProps) {
  const joined = first === 'columns' && second === 'rows';
  const name = (cut: PairCut | null): string => (cut === null ? 'not cut yet' : `cut by ${cut}`);
  const ofFirst = { ranks: worldSize, middle: MIDDLE.first };
  const ofSecond = { ranks: worldSize, middle: MIDDLE.second };
  return (
    <svg
      className={look['cuts']}
      viewBox="0 0 640 268"
      role="img"
      aria-label={`A is ${name(first)}, B is ${name(second)}${joined ? '; each rank’s columns of H meet its rows of B' : ''}`}
    >
      {joined && <Bands ranks={worldSize} n={n} />}
      <Sheet {...ofFirst} x={LEFT.x} name="X" rows={m} cols={k} cut={null} />
      <Sign x={160} y={MIDDLE.first} text="·" />
      <Sheet {...ofFirst} x={LEFT.a} name="A" rows={k} cols={n} cut={first} />
      <Sign x={EQUALS.first} y={MIDDLE.first} text="=" />
      <Sheet
        {...ofFirst}
        x={LEFT.h}
        name="H"
        rows={m}
        cols={n}
        cut={madeBy(first)}
        summed={first === 'rows'}
      />
      <Sign x={180} y={MIDDLE.second} text="H ·" />
      <Sheet {...ofSecond} x={LEFT.b} name="B" rows={n} cols={k} cut={second} />
      <Sign x={EQUALS.second} y={MIDDLE.second} text="=" />
      <Sheet
        {...ofSecond}
        x={LEFT.y}
        name="Y"
        rows={m}
        cols={k}
        cut={madeBy(second)}
        summed={second === 'rows'}
      />
    </svg>
  );
}

/** Columns make columns; rows make partials, whose sum is whole. */
function madeBy(cut: PairCut | null): PairCut | null {
  return cut === 'columns' ? 'columns' : null;
}

function Sign({ x, y, text }: { readonly x: number; readonly y: number; readonly text: string }) {
  return (
    <text x={x} y={y + 6} textAnchor="middle">
      {text}
    </text>
  );
}

function Bands({ ranks, n }: { readonly ranks: number; readonly n: number }) {
  const part = (UNIT * n) / ranks;
  const top = MIDDLE.second - (UNIT * n) / 2;
  return Array.from({ length: ranks }, (_, rank) => {
    const from = LEFT.h + (rank + 0.5) * part;
    const to = top + (rank + 0.5) * part;
    const d = `M${from} ${MIDDLE.first}C${from} ${to} ${from - 40} ${to} ${LEFT.b + 40} ${to}`;
    // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
    return <path key={rank} className={look['band']} data-rank={rank} d={d} />;
  });
}

interface SheetProps {
  readonly x: number;
  readonly middle: number;
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Null: whole. */
  readonly cut: PairCut | null;
  readonly ranks: number;
  /** A sum of the ranks' partials. */
  readonly summed?: boolean;
}

function Sheet({ x, middle, name, rows, cols, cut, ranks, summed = false }: SheetProps) {
  const [width, height] = [UNIT * cols, UNIT * rows];
  const [w, h] = cut === 'columns' ? [width / ranks, height] : [width, height / ranks];
  return (
    <g transform={`translate(${x} ${middle - height / 2})`}>
      <text className={look['name']} y={-7}>
        {summed ? `Σ ${name}` : name}
      </text>
      {cut === null ? (
        <rect
          className={look['whole']}
          data-summed={summed || undefined}
          width={width}
          height={height}
          rx="3"
        />
      ) : (
        Array.from({ length: ranks }, (_, rank) => (
          <g
            // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
            key={rank}
            data-rank={rank}
            transform={`translate(${cut === 'columns' ? rank * w : 0} ${cut === 'rows' ? rank * h : 0})`}
          >
            <rect className={look['shard']} width={w - 2} height={h - 2} rx="2" />
            <text className={look['of-rank']} x={w / 2 - 1} y={h / 2 + 2.5} textAnchor="middle">
              {rank}
            </text>
          </g>
        ))
      )}
    </g>
  );
}
