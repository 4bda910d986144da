import type { BenchResult } from '#bench/record.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { formatError, formatMs } from '#ui/format.ts';
import { pay, sharesOf } from '../chapters/pay.ts';
import { formatPercent } from '../chapters/say.ts';
import look from './pay.module.css';
import css from './picture.module.css';
import { useChapter } from './useChapter.ts';

/** The time of a block on one rank and on several, each with what it was made of and where its runs lie. */
export function PayPicture() {
  const { given, found, phase, answer } = useChapter(pay);
  if (given === null) return null;
  const longest = found === null ? 1 : Math.max(found.one.p90Ms, found.several.p90Ms);
  return (
    <Panel
      title="A block’s time on this machine"
      hint={found === null ? 'nothing has run yet' : 'median; the whisker holds the middle 80 % of the runs'}
    >
      {found === null ? (
        <p className={css['open']}>
          {phase === 'running' ? 'Measuring …' : `1 rank : ${given.ranks} ranks = ?`}
        </p>
      ) : (
        <>
          <Times label="1 rank" result={found.one} longest={longest} />
          <Times label={`${given.ranks} ranks`} result={found.several} longest={longest} />
          <dl className={look['figures']}>
            <div>
              <dt>You said</dt>
              <dd className="num">{String(answer['speedUp'])} ×</dd>
            </div>
            <div>
              <dt>Measured</dt>
              <dd className="num">{found.speedUp.value.toFixed(2)} ×</dd>
            </div>
            <div>
              <dt>95 % interval</dt>
              <dd className="num">
                {found.speedUp.low.toFixed(2)} to {found.speedUp.high.toFixed(2)}
              </dd>
            </div>
            <div>
              <dt>Efficiency</dt>
              <dd className="num">{Math.round((100 * found.speedUp.value) / given.ranks)} %</dd>
            </div>
          </dl>
        </>
      )}
    </Panel>
  );
}

interface TimesProps {
  readonly label: string;
  readonly result: BenchResult;
  readonly longest: number;
}

function Times({ label, result, longest }: TimesProps) {
  const { medianMs, p10Ms, p90Ms, maxAbsError, samplesMs } = result;
  const { compute, moving, waiting, rest } = sharesOf(result);
  const wide = (ms: number): string => `${(100 * ms) / longest}%`;
  return (
    <section className={look['times']} aria-label={label}>
      <h3>
        {label} <span className="num">{formatMs(medianMs)}</span>
      </h3>
      <div className={look['track']} aria-hidden="true">
        <span data-part="compute" style={{ width: wide(medianMs * compute) }} />
        <span data-part="ring" style={{ width: wide(medianMs * moving) }} />
        <span data-part="wait" style={{ width: wide(medianMs * waiting) }} />
        <span data-part="rest" style={{ width: wide(medianMs * rest) }} />
        <i style={{ left: wide(p10Ms), width: wide(p90Ms - p10Ms) }} />
      </div>
      <p>
        <i data-part="compute" /> computing <b className="num">{formatPercent(compute)}</b>
        <i data-part="ring" /> moving <b className="num">{formatPercent(moving)}</b>
        <i data-part="wait" /> waiting <b className="num">{formatPercent(waiting)}</b>
        <i data-part="rest" /> starting and ending <b className="num">{formatPercent(rest)}</b>
      </p>
      <p>
        {samplesMs.length} runs · largest error <b className="num">{formatError(maxAbsError)}</b>
      </p>
    </section>
  );
}
