import { useMemo, useState } from 'react';
import { FABRICS, GPUS } from '#bench/hardware.ts';
import { LEFT_OUT } from '#bench/scaling.ts';
import fields from '#ui/components/fields.module.css';
import { Panel } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';
import table from '../table/table.module.css';
import { digits } from '../units.ts';
import { PaperFields } from './PaperFields.tsx';
import { PaperTable } from './PaperTable.tsx';
import { DEFAULT_PAPER, type PaperChoice, paperProblem, paperRow, tensorDegrees } from './paper.ts';
import css from './whatIf.module.css';

const MADE = { decode: 'generates', prefill: 'reads', train: 'trains on' } as const;

/** A whole model on a cluster that nobody has to pay for. */
export function PaperPanel() {
  const [choice, setChoice] = useState<PaperChoice>(DEFAULT_PAPER);
  const row = useMemo(() => paperRow(choice, choice.tensor), [choice]);
  const rows = useMemo(() => tensorDegrees.map((tensor) => paperRow(choice, tensor)), [choice]);
  const gpu = GPUS.find(({ id }) => id === choice.gpu);
  const fabrics = FABRICS.filter(({ id }) => id === choice.tensorFabric || id === choice.outerFabric);
  const leftOut = tensorDegrees.find((tensor) => paperProblem(choice, tensor) !== null);
  return (
    <Panel title="On paper, to thousands of ranks" hint="from datasheets alone; nothing of it was measured">
      <div className={css['paper']}>
        <PaperFields choice={choice} onChange={(patch) => setChoice({ ...choice, ...patch })} />
        <div className={css['answer']}>
          {row === null ? (
            <p className={table['empty']}>{paperProblem(choice, choice.tensor)}</p>
          ) : (
            <>
              <p className={css['lead']} aria-live="polite">
                <strong>{counted(row.cost.ranks, 'GPU')}</strong>:{' '}
                {choice.mode === 'decode' ? 'a token of each sequence' : 'a step'} in{' '}
                <strong className="num">{formatMs(row.cost.stepMs)}</strong>, which {MADE[choice.mode]}{' '}
                <strong className="num">{Math.round(row.cost.tokensPerSecond).toLocaleString('en')}</strong>{' '}
                tokens a second, <span className="num">{digits(row.cost.tokensPerSecondPerGpu)}</span> a GPU.{' '}
                <span data-fits={row.cost.fits}>
                  {digits(row.cost.memoryGB)} GB a GPU: {row.cost.fits ? 'fits' : 'does not fit'} its{' '}
                  {gpu?.memoryGB} GB.
                </span>
              </p>
              <PaperTable rows={rows.filter((one) => one !== null)} chosen={choice.tensor} />
              {leftOut !== undefined && (
                <p className={fields['field-note']}>{paperProblem(choice, leftOut)}</p>
              )}
            </>
          )}
          <h3>What this leaves out</h3>
          <ul>
            {LEFT_OUT.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <p className={fields['field-note']}>
            {gpu?.label}: {gpu?.teraflops} TFLOP/s in bfloat16, {gpu?.memoryGBs.toLocaleString('en')} GB/s,{' '}
            {gpu?.memoryGB} GB ({gpu?.source}).{' '}
            {fabrics.map(
              ({ label, source, alphaUs }) =>
                `${label}: ${source}, and ${alphaUs} µs a step, which is assumed. `,
            )}
          </p>
        </div>
      </div>
    </Panel>
  );
}
