import { useState } from 'react';
import { linkOfTable, type TableLink } from '#bench/measuredLink.ts';
import { Fold } from '#ui/components/Fold.tsx';
import fields from '#ui/components/fields.module.css';
import { digits } from '#ui/units.ts';
import css from '../plan.module.css';
import { usePlan } from '../usePlan.ts';

/** A table of many sizes has some hundred lines; more would stall the page. */
const MOST_CHARACTERS = 500_000;

/** What the visitor's own machine printed takes the place of the datasheet's links. */
export function MeasuredLinks() {
  const measured = usePlan((state) => state.params.measured);
  const change = usePlan((state) => state.change);
  const [text, setText] = useState('');
  const [said, setSaid] = useState<string | null>(null);
  const take = (pasted: string): void => {
    setText(pasted);
    const found = linkIn(pasted);
    setSaid(typeof found === 'string' ? found : inWords(found));
    if (typeof found === 'string') return;
    const { alphaUs, betaGBs } = found.link;
    change({ measured: { alphaUs: rounded(alphaUs), betaGBs: rounded(betaGBs) } });
  };
  return (
    <Fold title="What your machine printed" changed={measured === null ? '' : 'in use'}>
      <textarea
        className={`num ${fields['text']} ${css['config']}`}
        aria-label="A table of collectives"
        aria-describedby="plan-measured"
        rows={5}
        spellCheck={false}
        autoComplete="off"
        placeholder={'nccl-tests, rccl-tests, gloo, torch, OSU: its text or JSON'}
        value={text}
        onChange={({ target }) => take(target.value)}
      />
      <p id="plan-measured" className={fields['field-note']} role="status">
        {said ??
          (measured === null
            ? 'A table of one collective at several sizes tells the links between GPUs of a node.'
            : `${figures(measured)}, as the link to this page says.`)}
      </p>
      {measured !== null && (
        <button
          type="button"
          className="ghost"
          onClick={() => {
            setSaid(null);
            change({ measured: null });
          }}
        >
          Use the datasheet again
        </button>
      )}
    </Fold>
  );
}

/** A sentence where no link can be had of it. */
function linkIn(text: string): TableLink | string {
  if (text.trim() === '') return 'There is nothing in the box. The links stay as they are.';
  if (text.length > MOST_CHARACTERS) return 'This is over 500,000 characters long. Paste one table alone.';
  const found = linkOfTable(text);
  if (typeof found === 'string' || found.nodes === null || found.nodes === 1) return found;
  return `${found.nodes} machines took part, so that this is the link between them. Measure on one node.`;
}

function inWords({ link, machine, op, ranks, points }: TableLink): string {
  return `${figures(link)}, by ${points} sizes of ${op} on ${ranks} ranks${machine === '' ? '' : ` (${machine})`}; the fit is off by ${Math.round(100 * link.error)} % in the middle.`;
}

function figures({ alphaUs, betaGBs }: { readonly alphaUs: number; readonly betaGBs: number }): string {
  return `${digits(alphaUs)} µs a step and ${digits(betaGBs)} GB/s`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
