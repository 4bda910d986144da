import { Prose } from '#ui/components/term/Defined.tsx';
import css from './explain.module.css';
/** How the flow is read: one entry for each way in which a tensor can lie, and for what stands between. */
export function Legend() {
  return (
    <section className={css['legend']} aria-labelledby="layer-legend-title">
      <h3 id="layer-legend-title">How to read the picture</h3>
      <Prose>
        <dl>
          <div>
            <dt>
              <i className={css['replicated']} aria-hidden="true" /> one wide box
            </dt>
            <dd>Replicated: every rank holds all of it, the same bits.</dd>
          </div>
          <div>
            <dt>
              <i className={css['sharded']} data-rank="0" aria-hidden="true">
                0
              </i>
              <i className={css['sharded']} data-rank="1" aria-hidden="true">
                1
              </i>{' '}
              filled, in a rank’s colour
            </dt>
            <dd>
              Sharded: each rank holds a range of its own. For a tensor <code>[tokens, features]</code> dim 0
              cuts tokens, dim 1 features. A stored weight is <code>[out, in]</code>, so a column split cuts
              its dim 0 and a row split its dim 1.
            </dd>
          </div>
          <div>
            <dt>
              <i className={css['partial']} data-rank="0" aria-hidden="true">
                0
              </i>
              <i className={css['partial']} data-rank="1" aria-hidden="true">
                1
              </i>{' '}
              dashed
            </dt>
            <dd>Partial: full size on every rank, but only the sum of them all is the tensor.</dd>
          </div>
          <div>
            <dt>
              <i className={css['band']} aria-hidden="true" /> a band across all ranks
            </dt>
            <dd>
              A collective: the only places where ranks wait for each other. Bytes are those of the whole
              buffer; on the wire is what a rank sends round the ring.
            </dd>
          </div>
        </dl>
      </Prose>
    </section>
  );
}
