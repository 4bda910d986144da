import type { RingStep } from '#lab/split/run.ts';
import type { Holding } from './holdings.ts';
import css from './ring.module.css';
import { type Point, type RingLayout, slotCorner, widthOf } from './ringLayout.ts';
import { changeOf } from './ringWords.ts';

interface RankBoxProps {
  readonly rank: number;
  readonly layout: RingLayout;
  /** Null before this rank has anything of its own. */
  readonly held: readonly Holding[] | null;
  readonly isEmpty: (chunk: number) => boolean;
  /** A copy completes a chunk at once: no terms to count. */
  readonly sums: boolean;
  /** The chunk that is followed; null where none is. */
  readonly followed: number | null;
  /** What the rank does in this step. */
  readonly step: RingStep | undefined;
}

/** A rank on the circle: a slot for each chunk of the buffer, with how many terms are in it. */
export function RankBox({ rank, layout, held, isEmpty, sums, followed, step }: RankBoxProps) {
  const { box, boxes, label } = layout;
  const change = step === undefined ? '' : changeOf(step, '→');
  const middle: Point = boxes[rank] ?? layout.centre;
  return (
    <g transform={`translate(${middle.x - box.width / 2} ${middle.y - box.height / 2})`} data-rank={rank}>
      <rect className={css['box']} width={box.width} height={box.height} rx="10" />
      <text className={css['rank']} x="9" y="17">
        rank {rank}
      </text>
      {boxes.map((_, chunk) => {
        const { x, y } = slotCorner(box, chunk);
        const holding = held?.[chunk];
        const terms = holding?.terms ?? 0;
        const state =
          isEmpty(chunk) || terms === 0 ? 'none' : holding?.complete === true ? 'complete' : 'some';
        const fill = state === 'some' ? (box.slot * terms) / boxes.length : box.slot;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the chunk is its index
          <g key={chunk} transform={`translate(${x} ${y})`} data-rank={chunk}>
            <rect className={css['slot']} width={box.slot} height={box.slot} rx="3.5" />
            {state !== 'none' && (
              <rect
                className={css[state]}
                y={box.slot - fill}
                width={box.slot}
                height={fill}
                rx={Math.min(3.5, fill / 2)}
              />
            )}
            {(step?.chunk === chunk || followed === chunk) && (
              <rect
                className={css[followed === chunk ? 'followed' : 'changed']}
                x="-1.5"
                y="-1.5"
                width={box.slot + 3}
                height={box.slot + 3}
                rx="5"
              />
            )}
            <text
              className={css['terms']}
              data-state={state}
              x={box.slot / 2}
              y={box.slot / 2 + Math.max(3.5, 0.36 * (label - 1))}
              textAnchor="middle"
            >
              {isEmpty(chunk) ? '–' : terms === 0 ? '' : sums ? terms : '✓'}
            </text>
          </g>
        );
      })}
      {step !== undefined && (
        <text
          className={css['change']}
          x={box.width / 2}
          y={box.height - 7}
          textAnchor="middle"
          {...(widthOf(change, label) > box.width - 8 && {
            textLength: box.width - 8,
            lengthAdjust: 'spacingAndGlyphs',
          })}
        >
          {change}
        </text>
      )}
    </g>
  );
}
