/** Where the arrow keys lead in the picture: to the nearest box in their direction. */

import type { FlowNode } from './layoutTypes.ts';

/** The box that a key leads to from `from`; null where the key means nothing here or there is none. */
export function nodeAfterKey(nodes: readonly FlowNode[], from: FlowNode, key: string): FlowNode | null {
  switch (key) {
    case 'ArrowUp':
      return nearest(nodes, from, (node) => from.y - bottom(node), acrossX);
    case 'ArrowDown':
      return nearest(nodes, from, (node) => node.y - bottom(from), acrossX);
    case 'ArrowLeft':
      return nearest(nodes, from, (node) => from.x - right(node), acrossY);
    case 'ArrowRight':
      return nearest(nodes, from, (node) => node.x - right(from), acrossY);
    case 'Home':
      return nodes[0] ?? null;
    case 'End':
      return nodes.at(-1) ?? null;
    default:
      return null;
  }
}

/** @param ahead pixels in the key's direction; negative behind. @param aside pixels to its side; 0 where they face */
function nearest(
  nodes: readonly FlowNode[],
  from: FlowNode,
  ahead: (node: FlowNode) => number,
  aside: (a: FlowNode, b: FlowNode) => number,
): FlowNode | null {
  let found: FlowNode | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const distance = ahead(node);
    if (distance < -0.5 || node === from) continue;
    // A little ahead and far aside is another lane: not what an arrow means.
    const cost = distance + 4 * aside(from, node);
    if (cost < least) {
      least = cost;
      found = node;
    }
  }
  return found;
}

function acrossX(a: FlowNode, b: FlowNode): number {
  return Math.max(0, a.x - right(b), b.x - right(a));
}

function acrossY(a: FlowNode, b: FlowNode): number {
  return Math.max(0, a.y - bottom(b), b.y - bottom(a));
}

function right({ x, width }: FlowNode): number {
  return x + width;
}

function bottom({ y, height }: FlowNode): number {
  return y + height;
}
