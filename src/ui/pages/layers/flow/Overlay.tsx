import css from './flow.module.css';
import type { FlowNode } from './layoutTypes.ts';

interface OverlayProps {
  readonly width: number;
  readonly height: number;
  /** What is read by the box that is pointed at. */
  readonly lit: readonly FlowNode[];
  /** The open tensor's boxes, and the rank of it that is looked at. */
  readonly open: readonly FlowNode[];
  readonly rank: number;
}

/** Outlines above the boxes, so that pointing draws nothing else anew. */
export function Overlay({ width, height, lit, open, rank }: OverlayProps) {
  return (
    <svg className={css['over']} width={width} height={height} aria-hidden="true">
      {open.map((node) => (
        <rect
          key={node.key}
          className={css['open']}
          data-looked={node.rank === null || node.rank === rank ? '' : undefined}
          {...around(node, 2)}
        />
      ))}
      {lit.map((node) => (
        <rect key={node.key} className={css['lit']} {...around(node, 2.5)} />
      ))}
    </svg>
  );
}

function around({ x, y, width, height }: FlowNode, by: number) {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by, rx: 9 };
}
