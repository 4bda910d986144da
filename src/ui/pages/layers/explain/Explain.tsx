import { LAYER_CHOICES } from '#lab/layers/params.ts';
import { Defined } from '#ui/components/term/Defined.tsx';
import { ExplainPanel } from '#ui/page/ExplainPanel.tsx';
import { PageLink } from '#ui/shell/PageLink.tsx';
import { useLayers } from '../useLayers.ts';
import { wordsOf } from '../words/registry.ts';
import css from './explain.module.css';
import { Legend } from './Legend.tsx';

/** The layer that is chosen: what is cut, what is summed, where people trip; and how the picture is read. */
export function Explain() {
  const layer = useLayers((state) => state.params.layer);
  // A link may ask for what is no layer.
  const choice = LAYER_CHOICES.find(({ id }) => id === layer);
  const words = choice && wordsOf(choice.id);
  const label = choice?.label;
  return (
    <ExplainPanel
      hint={label === undefined ? 'and how to read the picture' : `${label}, and how to read the picture`}
    >
      <div className={css['body']}>
        {words !== undefined && (
          <article>
            <h3>{label}</h3>
            {words.formula}
            <p>
              <Defined text={words.text} />
            </p>
            <p className={css['trap']}>
              <strong>The trap.</strong> <Defined text={words.trap} />
            </p>
            <dl>
              {words.names.map(({ where, name }) => (
                <div key={where}>
                  <dt>In {where}</dt>
                  <dd>
                    <Defined text={name} />
                  </dd>
                </div>
              ))}
              <div>
                <dt>In a whole model</dt>
                <dd>
                  <Defined text={words.counts} /> What each number of ranks means for a model of yours says
                  the <PageLink page="plan">Plan page</PageLink>.
                </dd>
              </div>
            </dl>
            <p className={css['torch']}>
              Here each run is checked against the unsplit layer. That the layers themselves are right is a
              matter of tests: <code>npm test</code> runs them against results of PyTorch, kept in{' '}
              <code>tests/golden</code>.
            </p>
          </article>
        )}
        <Legend />
      </div>
    </ExplainPanel>
  );
}
