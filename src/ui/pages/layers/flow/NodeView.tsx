import { type LayerPlan, type PlannedStep, tensorOf } from '#program/plan.ts';
import type { Placement } from '#program/program.ts';
import { Band } from './Band.tsx';
import { Glyph } from './Glyph.tsx';
import { Lines } from './Lines.tsx';
import type { FlowNode, Lane } from './layoutTypes.ts';
import css from './node.module.css';
import { nodeLabel } from './nodeWords.ts';
import type { Piece } from './text.ts';

interface NodeViewProps {
  readonly plan: LayerPlan;
  readonly node: FlowNode;
  readonly step: PlannedStep | undefined;
  readonly lanes: readonly Lane[];
  /** Measured, or before a run the FLOPs. */
  readonly time: string;
  /** Null before a run. */
  readonly asPlanned: boolean | null;
  readonly tabbable: boolean;
  readonly pressed: boolean;
}

/** One box of the picture, as the button that opens its tensor. */
export function NodeView({ plan, node, step, lanes, time, asPlanned, tabbable, pressed }: NodeViewProps) {
  const { x, y, width, height, kind, rank } = node;
  const tensor = tensorOf(plan, node.tensor);
  const label = nodeLabel(plan, node, step, time);
  const { placement } = tensor;
  const textOf = ({ role, text }: Piece): string => {
    if (role === 'time') return time;
    if (role !== 'verdict') return text;
    return asPlanned === null ? '' : asPlanned ? '✓ predicted = measured' : '✗ not as predicted';
  };
  return (
    <button
      type="button"
      className={css[kind]}
      data-key={node.key}
      data-rank={rank ?? undefined}
      data-placement={lookOf(placement, plan.worldSize)}
      data-parted={asPlanned === false ? '' : undefined}
      style={{ left: x, top: y, width, height }}
      tabIndex={tabbable ? 0 : -1}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
    >
      {kind === 'weight' && <Glyph placement={placement} />}
      <Lines lines={node.lines} separated={rank === null} textOf={textOf} />
      {kind === 'op' && asPlanned === false && <b className={css['mark']}>✗</b>}
      {kind === 'collective' && plan.worldSize > 1 && (
        <Band left={x} width={width} worldSize={plan.worldSize} lanes={lanes} />
      )}
    </button>
  );
}

/** A rank's own is filled with its colour, as a shard is; and on one rank nothing is left to be summed. */
function lookOf({ kind }: Placement, worldSize: number): Placement['kind'] {
  return kind === 'own' || (kind === 'partial' && worldSize === 1) ? 'sharded' : kind;
}
