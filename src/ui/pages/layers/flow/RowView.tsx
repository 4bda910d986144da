import { memo } from 'react';
import type { MeasuredStep } from '#lab/layers/run.ts';
import { type LayerPlan, stepsOf } from '#program/plan.ts';
import { collectiveTime, timeText } from './flowWords.ts';
import type { FlowLane, FlowNode, FlowRow } from './layoutTypes.ts';
import { NodeView } from './NodeView.tsx';
import css from './node.module.css';

interface RowViewProps {
  readonly plan: LayerPlan;
  readonly row: FlowRow;
  readonly lanes: readonly FlowLane[];
  /** `past`: its values are there. `ahead`: it has not happened at the moment that is shown. */
  readonly state: 'past' | 'now' | 'ahead';
  /** One a rank; undefined before a run. */
  readonly times: readonly MeasuredStep[] | undefined;
  /** Ranks on which this step was not as planned; null before a run. */
  readonly parted: readonly number[] | null;
  /** The box that the Tab key comes to, if it is in this row. */
  readonly tabKey: string | null;
  /** The tensor that is open, if it is in this row. */
  readonly selected: string | null;
}

/** What one step of the plan draws. Most rows stay as they are from one moment to the next. */
export const RowView = memo(function RowView(props: RowViewProps) {
  const { plan, row, lanes, state, times, parted, tabKey, selected } = props;
  const step = stepsOf(plan)[row.step];
  const timeOf = (node: FlowNode): string => {
    if (step === undefined) return '';
    if (node.kind === 'collective') return collectiveTime(times);
    return node.kind === 'op' ? timeText(step, node.rank ?? 0, times?.[node.rank ?? 0]) : '';
  };
  const asPlanned = (node: FlowNode): boolean | null => {
    if (parted === null) return null;
    return node.rank === null ? parted.length === 0 : !parted.includes(node.rank);
  };
  return (
    <div className={css['row']} data-state={state} data-step={row.step}>
      {row.nodes.map((node) => (
        <NodeView
          key={node.key}
          plan={plan}
          node={node}
          step={step}
          lanes={lanes}
          time={timeOf(node)}
          asPlanned={asPlanned(node)}
          tabbable={node.key === tabKey}
          pressed={node.tensor === selected}
        />
      ))}
      {row.idle.map(({ rank, text, x, y, width, height }) => (
        <span key={rank} className={css['idle']} data-rank={rank} style={{ left: x, top: y, width, height }}>
          {text}
        </span>
      ))}
    </div>
  );
});
