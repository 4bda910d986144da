import type { CardId } from './cards.ts';
import css from './explain.module.css';

type Cut = 'columns' | 'rows' | 'whole' | 'partials';

interface Box {
  readonly name: string;
  readonly cut: Cut;
  readonly width: number;
  readonly height: number;
  /** The sign before it. */
  readonly sign: string;
}

const X = 44;
const TALL = 58;
const DIAGRAMS: Readonly<Record<CardId, { readonly label: string; readonly boxes: readonly Box[] }>> = {
  column: {
    label: 'X whole, W cut into columns, Y cut into columns',
    boxes: [
      { name: 'X', cut: 'whole', width: TALL, height: X, sign: '' },
      { name: 'W', cut: 'columns', width: TALL, height: TALL, sign: '·' },
      { name: 'Y', cut: 'columns', width: TALL, height: X, sign: '=' },
    ],
  },
  row: {
    label: 'X cut into columns, W cut into rows, two partials of Y to be added',
    boxes: [
      { name: 'X', cut: 'columns', width: TALL, height: X, sign: '' },
      { name: 'W', cut: 'rows', width: TALL, height: TALL, sign: '·' },
      { name: 'Y', cut: 'partials', width: TALL, height: X, sign: '=' },
    ],
  },
  pair: {
    label: 'X whole, A cut into columns, B cut into rows, two partials of Y to be added',
    boxes: [
      { name: 'X', cut: 'whole', width: TALL, height: X, sign: '' },
      { name: 'A', cut: 'columns', width: TALL, height: TALL, sign: '·' },
      { name: 'B', cut: 'rows', width: TALL, height: TALL, sign: '·' },
      { name: 'Y', cut: 'partials', width: TALL, height: X, sign: '=' },
    ],
  },
};

const HEIGHT = 92;
const GAP = 22;

/** Two ranks are enough to show a cut. Each part carries its rank's number. */
export function Diagram({ id }: { readonly id: CardId }) {
  const { label, boxes } = DIAGRAMS[id];
  let at = 1;
  const placed = boxes.map((box) => {
    const left = at;
    at += box.width + GAP;
    return { ...box, left, top: (HEIGHT + 16 - box.height) / 2 };
  });
  const width = at - GAP + 15;
  return (
    <svg
      className={css['diagram']}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      {placed.map(({ name, cut, left, top, width, height, sign }) => (
        <g key={name}>
          <text className={css['sign']} x={left - GAP / 2} y={top + height / 2 + 5}>
            {sign}
          </text>
          <text className={css['name']} x={left} y={top - 6}>
            {name}
          </text>
          <g transform={`translate(${left} ${top})`}>
            <Parts cut={cut} width={width} height={height} />
          </g>
        </g>
      ))}
    </svg>
  );
}

function Parts({ cut, width, height }: Pick<Box, 'cut' | 'width' | 'height'>) {
  if (cut === 'whole') return <rect className={css['whole']} width={width} height={height} rx="4" />;
  return [1, 0].map((rank) => {
    const part = partOf(cut, rank, width, height);
    return (
      <g key={rank} data-rank={rank} className={cut === 'partials' ? css['partial'] : css['shard']}>
        <rect {...part} rx="4" />
        <text
          x={part.x + (cut === 'partials' && rank === 1 ? part.width - 7 : part.width / 2)}
          y={part.y + part.height / 2 + 4}
        >
          {rank}
        </text>
      </g>
    );
  });
}

function partOf(cut: Exclude<Cut, 'whole'>, rank: number, width: number, height: number) {
  switch (cut) {
    case 'columns':
      return { x: rank * (width / 2 + 1), y: 0, width: width / 2 - 1, height };
    case 'rows':
      return { x: 0, y: rank * (height / 2 + 1), width, height: height / 2 - 1 };
    case 'partials':
      return { x: rank * 14, y: rank * -10, width, height };
    default:
      return cut satisfies never;
  }
}
