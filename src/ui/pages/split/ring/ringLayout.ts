/** Where the ranks stand on the circle, and where what they pass on is drawn. Pixels, pure. */

export interface RingLayout {
  readonly width: number;
  readonly height: number;
  readonly centre: Point;
  readonly box: BoxSize;
  /** The middle of each rank's box. */
  readonly boxes: readonly Point[];
  /** Radius of the circle on which the chunks travel. */
  readonly flow: number;
  /** Pixels of a word. */
  readonly label: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface BoxSize {
  readonly width: number;
  readonly height: number;
  /** Side of the square that stands for one chunk, and the distance from one to the next. */
  readonly slot: number;
  readonly pitch: number;
  /** Slots in a row. */
  readonly perRow: number;
}

const TITLE = 24;
const VALUES = 19;
const PADDING = 9;
const MAX_RADIUS = 168;
const LABEL = 11;
/** The longest change of a number, for which there is room up to some width. */
const CHANGE = '−0.12→−0.34';
const MOST_WORDS = 104;

/** Pixels of a text in the monospaced font. */
export function widthOf(text: string, label: number): number {
  return 0.6 * label * text.length;
}

/**
 * @param most as high as it may be
 * @param label pixels of a word
 */
export function ringLayout(
  worldSize: number,
  width: number,
  most = Number.POSITIVE_INFINITY,
  label = LABEL,
): RingLayout {
  const box = boxSize(worldSize, label);
  const radiusX = Math.max(80, Math.min(MAX_RADIUS, (width - box.width) / 2 - 2));
  const roomy = worldSize === 2 ? 118 : worldSize <= 4 ? 124 : 148;
  const radiusY = Math.min(roomy, Math.max(100, most / 2 - box.height / 2 - 2));
  const centre = { x: width / 2, y: radiusY + box.height / 2 + 2 };
  const boxes = Array.from({ length: worldSize }, (_, rank) => {
    const angle = angleOf(rank, worldSize);
    return { x: centre.x + radiusX * Math.cos(angle), y: centre.y + radiusY * Math.sin(angle) };
  });
  const free = Math.min(radiusX - box.width / 2, radiusY - box.height / 2);
  const flow = Math.max(58, Math.min(92, free - 10 - 2.5 * (label - LABEL)));
  // The lowest box decides: with an odd number of ranks none stands at the very bottom.
  const height = Math.ceil(Math.max(...boxes.map(({ y }) => y)) + box.height / 2 + 2);
  return { width, height, centre, box, boxes, flow, label };
}

function boxSize(worldSize: number, label: number): BoxSize {
  const few = worldSize <= 4;
  const perRow = few ? worldSize : Math.ceil(worldSize / 2);
  const slot = few ? 18 : 14;
  const pitch = slot + (few ? 3 : 2);
  const rows = Math.ceil(worldSize / perRow);
  const words = Math.min(MOST_WORDS, widthOf(CHANGE, label) + 4);
  const width = Math.max(few ? 94 : 80, words, perRow * pitch - 2 + 2 * PADDING);
  return { width, height: TITLE + rows * pitch + VALUES, slot, pitch, perRow };
}

/** Rank 0 at the top, then clockwise; two ranks stand one above the other. */
export function angleOf(rank: number, worldSize: number): number {
  return -Math.PI / 2 + (rank / worldSize) * 2 * Math.PI;
}

/** The corner of a chunk's slot, inside of a rank's box. */
export function slotCorner(box: BoxSize, chunk: number): Point {
  const column = chunk % box.perRow;
  const row = Math.floor(chunk / box.perRow);
  return { x: PADDING + column * box.pitch, y: TITLE + row * box.pitch };
}

export interface Hop {
  /** An arc on the flow circle, from one rank to the next. */
  readonly path: string;
  /** An arrow head at its end. */
  readonly head: string;
  readonly middle: Point;
  /** From the middle back to where it comes from. */
  readonly back: Point;
}

/** The way from a rank to its next neighbour. */
export function hopOf(layout: RingLayout, from: number): Hop {
  const { centre, flow, boxes } = layout;
  const worldSize = boxes.length;
  const turn = (2 * Math.PI) / worldSize;
  const margin = Math.min(0.32, turn / 8);
  const start = angleOf(from, worldSize) + margin;
  const end = start + turn - 2 * margin;
  const at = (angle: number, radius = flow): Point => ({
    x: centre.x + radius * Math.cos(angle),
    y: centre.y + radius * Math.sin(angle),
  });
  const [a, b, middle] = [at(start), at(end), at((start + end) / 2)];
  const [inner, outer] = [at(end - 7 / flow, flow - 5), at(end - 7 / flow, flow + 5)];
  const large = end - start > Math.PI ? 1 : 0;
  return {
    path: `M${point(a)}A${flow} ${flow} 0 ${large} 1 ${point(b)}`,
    head: `M${point(inner)}L${point(b)}L${point(outer)}`,
    middle,
    back: { x: a.x - middle.x, y: a.y - middle.y },
  };
}

function point({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
