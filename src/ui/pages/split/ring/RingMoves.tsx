import type { CSSProperties } from 'react';
import type { Move } from './holdings.ts';
import css from './ring.module.css';
import { hopOf, type RingLayout, widthOf } from './ringLayout.ts';

interface RingMovesProps {
  readonly layout: RingLayout;
  /** Empty where the scrubber does not stand on a step. */
  readonly moves: readonly Move[];
  readonly isEmpty: (chunk: number) => boolean;
}

/** What travels in a step. Sums under way are dashed, as partials are everywhere; what is complete is solid. */
export function RingMoves({ layout, moves, isEmpty }: RingMovesProps) {
  const { label } = layout;
  const chip = { width: Math.max(27, widthOf('+c0', label) + 5), height: Math.max(18, label + 4) };
  return layout.boxes.map((_, from) => {
    const move = moves.find((one) => one.from === from);
    const { path, head, middle, back } = hopOf(layout, from);
    const active = move !== undefined && !isEmpty(move.chunk);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
      <g key={from} className={active ? css['hop-active'] : css['hop']} data-action={move?.action}>
        <path className={css['arc']} d={path} />
        <path className={css['head']} d={head} />
        {active && (
          <g
            className={css['chip']}
            data-rank={move.chunk}
            style={{ '--back-x': `${back.x}px`, '--back-y': `${back.y}px` } as CSSProperties}
          >
            <rect
              x={middle.x - chip.width / 2}
              y={middle.y - chip.height / 2}
              width={chip.width}
              height={chip.height}
              rx={move.action === 'reduce' ? 9 : 4}
            />
            <text x={middle.x} y={middle.y + Math.max(4, 0.36 * label)} textAnchor="middle">
              {move.action === 'reduce' ? `+c${move.chunk}` : `c${move.chunk}`}
            </text>
          </g>
        )}
      </g>
    );
  });
}
