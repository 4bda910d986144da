/**
 * The plan of a layer as a picture: ranks beside each other, its stages from top to bottom. The height of a tensor's box
 * is its number of elements, as long as its words fit; its width says nothing. Pure, and the same before and after a run.
 */

import { type LayerPlan, stepsOf, tensorOf } from '#program/plan.ts';
import { CellWriter } from './CellWriter.ts';
import { Lanes } from './lanes.ts';
import type { FlowLayout, FlowNode, Residual } from './layoutTypes.ts';
import { frameOf } from './loops.ts';
import { isWhole, madeBy, readsOf } from './made.ts';
import { type Skip, skipsOf } from './residuals.ts';

const STAGE_GAP = 16;
const LABEL_LINE = 18;
/** Pixels of a character of a stage's note, in a font that is not monospaced: a little more than its average. */
const NOTE_CHAR = 6.3;

/**
 * @param width what there is; the layout is wider where the lanes would be too narrow to read
 * @param ranks the ranks that are drawn, in order: all, or on a phone one
 */
export function layoutFlow(plan: LayerPlan, width: number, ranks: readonly number[]): FlowLayout {
  const skips = skipsOf(plan);
  const lanes = new Lanes(width, ranks, Math.max(0, ...skips.map(({ track }) => track + 1)));
  const writer = new CellWriter(plan, lanes);
  const steps = stepsOf(plan);
  const noteHeight = (note: string): number =>
    LABEL_LINE * Math.ceil((note.length * NOTE_CHAR) / Math.max(1, lanes.labelWidth - 12));
  const named = (title: string, note: string, draw: () => void): void => {
    const y = writer.y;
    if (lanes.labelWidth === 0) writer.y += LABEL_LINE + 4;
    draw();
    const height = lanes.labelWidth === 0 ? LABEL_LINE : LABEL_LINE + noteHeight(note);
    writer.stages.push({ title, note, x: 0, y, width: lanes.labelWidth || width, height });
    writer.y = Math.max(writer.y, y + height) + STAGE_GAP;
  };

  for (const id of plan.inputs) {
    named(tensorOf(plan, id).label, 'what the layer is given', () => writer.input(id));
  }
  let index = 0;
  for (const stage of plan.stages) {
    const end = index + stage.steps.length;
    named(stage.title, stage.note, () => {
      writer.beginStage();
      while (index < end) {
        const step = steps[index];
        const loop = step?.kind === 'op' ? step.loop : null;
        if (loop === null) {
          index += writer.cells(index, end);
          continue;
        }
        const body = steps.slice(index, end).filter((one) => one.kind === 'op' && one.loop === loop);
        const first = index;
        const frame = frameOf(plan, body, lanes);
        const top = writer.y;
        writer.y += frame.head;
        while (index < first + body.length) index += writer.cells(index, first + body.length, frame.inset);
        writer.frames.push(...frame.boxes(top, writer.y));
        writer.y += frame.foot;
      }
    });
  }
  const height = writer.y - STAGE_GAP;
  const { rows, frames, stages } = writer;
  const residuals = skips.flatMap((skip) =>
    residualsOf(
      plan,
      skip,
      lanes,
      rows.flatMap(({ nodes }) => nodes),
    ),
  );
  return {
    width: lanes.width,
    height,
    labels: lanes.labelWidth === 0 ? 'above' : 'side',
    lanes: lanes.lanes,
    stages,
    rows,
    frames,
    residuals,
  };
}

function residualsOf(
  plan: LayerPlan,
  { tensor, step, track }: Skip,
  lanes: Lanes,
  nodes: readonly FlowNode[],
): Residual[] {
  const adds = stepsOf(plan)[step];
  if (adds === undefined || !readsOf(adds).includes(tensor)) return [];
  return lanes.lanes.flatMap((lane): Residual[] => {
    const isHere = ({ rank }: FlowNode): boolean => rank === null || rank === lane.rank;
    const from = nodes.find((node) => node.kind === 'tensor' && node.tensor === tensor && isHere(node));
    const to = nodes.find((node) => node.kind === 'op' && node.tensor === madeBy(adds) && isHere(node));
    if (from === undefined || to === undefined) return [];
    const x = lanes.trackX(lane, track);
    const down = to.y + to.height / 2;
    const start: Residual['points'] = isWhole(tensorOf(plan, tensor))
      ? [[x, from.y + from.height]]
      : [
          [from.x + from.width, from.y + from.height / 2],
          [x, from.y + from.height / 2],
        ];
    return [
      {
        key: `${tensor} ${step} ${lane.rank}`,
        rank: lane.rank,
        points: [...start, [x, down], [to.x + to.width + 2, down]],
      },
    ];
  });
}
