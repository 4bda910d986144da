import { memo } from 'react';
import type { Limit, Plan } from '#planner/plan.ts';
import { formatCount } from '#ui/format.ts';
import { STEP_PARTS, stepMs } from '../parts.ts';
import { gigabytes, layoutInShort } from '../words.ts';
import type { Column } from './columns.ts';
import css from './table.module.css';

const LIMIT_WORDS: Readonly<Record<Limit, string>> = {
  memory: 'memory',
  bandwidth: 'bandwidth',
  FLOPs: 'FLOPs',
  links: 'links',
  layers: 'kernels',
};

interface LayoutRowProps {
  readonly plan: Plan;
  readonly chosen: boolean;
  readonly hasExperts: boolean;
  readonly columns: readonly Column[];
  /** Milliseconds of the longest bar. */
  readonly longest: number;
  readonly onChoose: (plan: Plan) => void;
}

/** Hundreds of them are drawn at once, hence memo. */
export const LayoutRow = memo(function LayoutRow(props: LayoutRowProps) {
  const { plan, chosen, hasExperts, columns, longest, onChoose } = props;
  const { tensor, pipeline, expert, data, fits, memory, step } = plan;
  const parts = stepMs(step);
  return (
    <tr data-shown={chosen || undefined} data-fits={fits} onClick={() => onChoose(plan)}>
      <th scope="row">
        <button type="button" className="bare" aria-pressed={chosen} onClick={() => onChoose(plan)}>
          <span className="visually-hidden">{layoutInShort(plan)}: </span>
          {chosen ? '● shown' : '○ show'}
        </button>
      </th>
      <td className="num">{tensor}</td>
      <td className="num">{pipeline}</td>
      {hasExperts && <td className="num">{expert}</td>}
      <td className="num">{data}</td>
      <td className="num">{formatCount(plan.gpus)}</td>
      <td className="num">
        {fits ? '' : '✗ '}
        {gigabytes(memory.total)}
      </td>
      {fits ? (
        <>
          {columns.map(({ head, shown }) => (
            <td key={head} className="num">
              {shown(plan)}
            </td>
          ))}
          <td>
            {LIMIT_WORDS[plan.limit]}
            {step.idleShare > 0 && `, ${Math.round(100 * step.idleShare)} % idle`}
          </td>
          <td className={css['bar']}>
            {STEP_PARTS.map(({ part }) => (
              <span key={part} data-part={part} style={{ width: `${(100 * parts[part]) / longest}%` }} />
            ))}
          </td>
        </>
      ) : (
        <td colSpan={columns.length + 2} className={css['refused']}>
          does not fit: {gigabytes(memory.weights)} of weights,{' '}
          {memory.states > 0
            ? `${gigabytes(memory.states)} of gradients and optimizer`
            : `${gigabytes(memory.cache)} of cache`}
        </td>
      )}
    </tr>
  );
});
