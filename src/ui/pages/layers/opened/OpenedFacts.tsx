import type { LayerPlan, PlannedTensor } from '#program/plan.ts';
import type { OpenedTensor } from '#protocol.ts';
import { formatFloat } from '#ui/format.ts';
import css from './opened.module.css';
import { originOf, type TensorLink } from './openedWords.ts';

interface OpenedFactsProps {
  readonly plan: LayerPlan;
  readonly tensor: PlannedTensor;
  /** Null where this rank has none, or has not answered yet. */
  readonly values: OpenedTensor | null;
  /** Opens another one. */
  readonly onSelect: (id: string) => void;
}

/** Statistics over all elements of the rank, what made them, and what reads them. */
export function OpenedFacts({ plan, tensor, values, onSelect }: OpenedFactsProps) {
  const { made, from, readers } = originOf(plan, tensor.id);
  return (
    <>
      {values !== null && (
        <dl className={`num row tiny ${css['statistics']}`}>
          <Statistic name="mean" value={values.mean} />
          <Statistic name="σ" value={values.deviation} />
          <Statistic name="min" value={values.min} />
          <Statistic name="max" value={values.max} />
        </dl>
      )}
      <dl className={`stack small ruled ${css['origin']}`}>
        <div>
          <dt>Made by</dt>
          <dd>
            <span className="num">{made}</span>
            {from.length > 0 && (
              <>
                {' from '}
                <Links links={from} onSelect={onSelect} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Read by</dt>
          <dd>
            {readers.length === 0
              ? tensor.id === plan.output
                ? 'nothing: it is the layer’s output'
                : 'nothing more'
              : readers.map(({ label, to }) => (
                  <span key={`${label} ${to.id}`} className={css['reader']}>
                    <span className="num">{label}</span> → <Links links={[to]} onSelect={onSelect} />
                  </span>
                ))}
          </dd>
        </div>
        {plan.storage.some(({ id }) => id === tensor.id) && (
          <div>
            <dt>Called</dt>
            <dd className="num">{tensor.id}</dd>
          </div>
        )}
      </dl>
    </>
  );
}

function Statistic({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formatFloat(value)}</dd>
    </div>
  );
}

function Links({
  links,
  onSelect,
}: { readonly links: readonly TensorLink[] } & Pick<OpenedFactsProps, 'onSelect'>) {
  return links.map(({ id, label }) => (
    <button key={id} type="button" className={css['link']} title={id} onClick={() => onSelect(id)}>
      {label}
    </button>
  ));
}
