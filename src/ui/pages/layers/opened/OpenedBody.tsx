import type { OpenedOnRanks } from '#lab/layers/run.ts';
import type { LayerPlan, PlannedTensor } from '#program/plan.ts';
import { Segmented } from '#ui/components/Options.tsx';
import { useWidth } from '#ui/components/onScreen.ts';
import { Defined } from '#ui/components/term/Defined.tsx';
import { placementText } from '../flow/flowWords.ts';
import { useOpenedRank } from '../useLayers.ts';
import { HeatMap } from './HeatMap.tsx';
import { largestOf } from './heatGrid.ts';
import { OpenedFacts } from './OpenedFacts.tsx';
import css from './opened.module.css';
import { agreementText, axesText } from './openedWords.ts';

interface OpenedBodyProps {
  readonly plan: LayerPlan;
  readonly tensor: PlannedTensor;
  /** Null until the ranks have answered. */
  readonly opened: OpenedOnRanks | null;
  readonly rank: number;
  /** Opens another one. */
  readonly onSelect: (id: string) => void;
}

/** The rank's values, and under them where they come from. */
export function OpenedBody({ plan, tensor, opened, rank, onSelect }: OpenedBodyProps) {
  const { choose } = useOpenedRank();
  const { ref, width } = useWidth<HTMLDivElement>();
  const { worldSize } = plan;
  const values = opened?.ranks[rank] ?? null;
  const previews = opened?.ranks.flatMap((one) => (one === null ? [] : [one.preview])) ?? [];
  const agreement = opened === null ? null : agreementText(tensor, opened);
  const isWhole = tensor.placement.kind === 'replicated';
  return (
    <div className={css['body']}>
      <div className={`stack one-column gap-3 ${css['opened']}`}>
        <div className={css['pick']}>
          {worldSize > 1 && (
            <Segmented
              label="Rank"
              value={rank}
              options={Array.from({ length: worldSize }, (_, index) => ({ value: index, label: `${index}` }))}
              onChange={choose}
            />
          )}
          <p className="quiet">
            <Defined text={placementText(tensor, rank)} />
            {agreement !== null && (
              <span className={css['agreement']} data-bad={agreement.startsWith('✗') ? '' : undefined}>
                {agreement}
              </span>
            )}
          </p>
        </div>
        <div className={css['values']} ref={ref}>
          {opened === null ? (
            <p className={`stack ink3 small ${css['loading']}`} role="status">
              Asking the ranks for their values …
            </p>
          ) : values === null ? (
            <p className={`stack ink3 small ${css['none']}`}>Rank {rank} has none of it.</p>
          ) : (
            width > 0 && (
              <HeatMap
                name={`${tensor.label} on rank ${rank}`}
                preview={values.preview}
                max={largestOf(previews)}
                rank={isWhole ? null : rank}
                width={width}
                axes={axesText(tensor)}
              />
            )
          )}
        </div>
        <div className={css['facts']}>
          <OpenedFacts plan={plan} tensor={tensor} values={values} onSelect={onSelect} />
        </div>
      </div>
    </div>
  );
}
