import { useMemo } from 'react';
import { Panel } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { From } from '../From.tsx';
import plan from '../plan.module.css';
import { useCounted, usePlan } from '../usePlan.ts';
import { gigabytes } from '../words.ts';
import css from './model.module.css';
import { factsOf, inBillions, sharesOf } from './modelFacts.ts';

/** What the file says of the model, counted. */
export function ModelPanel() {
  const model = useCounted();
  const fileBytes = usePlan((state) => state.fileBytes);
  const facts = useMemo(() => (model === null ? [] : factsOf(model, fileBytes)), [model, fileBytes]);
  const shares = useMemo(() => (model === null ? [] : sharesOf(model)), [model]);
  if (model === null) return null;
  const most = Math.max(...shares.map(({ bytes }) => bytes));
  return (
    <Panel
      title="The model"
      hint={
        <>
          {model.name}, {model.architecture}: counted from its config.json
          <From source="f" />
        </>
      }
    >
      <dl className={`row pad ${css['facts']}`}>
        {facts.map(({ label, text }) => (
          <div key={label}>
            <dt>
              <Defined text={label} />
            </dt>
            <dd>
              <Defined text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <ul
        className={`stack small pad-foot unmarked ${css['shares']}`}
        aria-label="Where the bytes of the weights are"
      >
        {shares.map(({ label, bytes, parameters }) => (
          <li key={label}>
            <span>
              <Defined text={label} />
            </span>
            <i style={{ width: `${(100 * bytes) / most}%` }} aria-hidden="true" />
            <span className="num">
              {gigabytes(bytes / 1e9)} ({inBillions(parameters)})
            </span>
          </li>
        ))}
      </ul>
      {model.notes.map((note) => (
        <p key={note} className={`quiet pad-foot ${plan['note']}`}>
          {note}
        </p>
      ))}
    </Panel>
  );
}
