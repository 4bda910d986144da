import { type LayerPlan, type PlannedStep, tensorOf } from '#program/plan.ts';
import type { Placement } from '#program/program.ts';
import { Band } from './Band.tsx';
import type { FlowLane, FlowNode } from './layoutTypes.ts';
import css from './node.module.css';
import { nodeLabel } from './nodeWords.ts';
import type { Line, Piece } from './text.ts';

interface NodeViewProps {
  readonly plan: LayerPlan;
  readonly node: FlowNode;
  readonly step: PlannedStep | undefined;
  readonly lanes: readonly FlowLane[];
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
        <Band
          left={x}
          width={width}
          worldSize={plan.worldSize}
          lanes={lanes}
          isRing={step?.kind !== 'collective' || (step.carrier ?? 'ring') === 'ring'}
        />
      )}
    </button>
  );
}

/** A rank's own is filled with its colour, as a shard is; and on one rank nothing is left to be summed. */
function lookOf({ kind }: Placement, worldSize: number): Placement['kind'] {
  return kind === 'own' || (kind === 'partial' && worldSize === 1) ? 'sharded' : kind;
}

interface LinesProps {
  readonly lines: readonly Line[];
  /** With a dot between the pieces of a line. */
  readonly separated?: boolean;
  /** What is set in the place of a piece; the piece itself where left out. */
  readonly textOf?: (piece: Piece) => string;
}

/** Text in the lines that the layout broke it into. */
export function Lines({ lines, separated = false, textOf = ({ text }) => text }: LinesProps) {
  return (
    <span className={css['lines']} data-separated={separated ? '' : undefined}>
      {lines.map((line) => (
        <span key={line.map(({ role, text }) => `${role} ${text}`).join(' ')} className={css['line']}>
          {line.map((piece) => (
            <span key={`${piece.role} ${piece.text}`} data-role={piece.role}>
              {textOf(piece)}
            </span>
          ))}
        </span>
      ))}
    </span>
  );
}

/** Along which dimension a weight is cut: a row of it marked for dim 0, a column for dim 1, all of it where it is whole. */
export function Glyph({ placement }: { readonly placement: Placement }) {
  return (
    <i
      className={css['glyph']}
      data-cut={placement.kind === 'sharded' ? placement.dim : undefined}
      aria-hidden="true"
    />
  );
}
