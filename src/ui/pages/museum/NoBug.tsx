import type { CSSProperties } from 'react';
import type { MuseumState } from '#lab/museum/store.ts';
import type { Rounding } from '#protocol/lessons.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { Words } from '#ui/components/term/Defined.tsx';
import { counted } from '#ui/components/words.ts';
import { formatError } from '#ui/format.ts';
import { Failure } from '#ui/page/Failure.tsx';
import css from './museum.module.css';
import { useMuseum } from './useMuseum.ts';
import { ROUNDING_WORDS } from './words.ts';

/** What is reported as a bug and is none: how far a sum lies from float64, by its float and by the number of ranks. */
export function NoBug() {
  const rounding = useMuseum((state) => state.rounding);
  const stale = useMuseum((state) => state.rounding?.visit !== state.visit);
  const failure = useMuseum((state) => state.failure);
  return (
    <>
      <h2>{ROUNDING_WORDS.title}</h2>
      <p className={css['text']}>
        <Words text={ROUNDING_WORDS.text} />
      </p>
      {failure === null ? (
        <p className={css['check']} role="status">
          {stale || rounding === null ? 'The ranks compute …' : saidOf(rounding.on)}
        </p>
      ) : (
        <NoAnswer failure={failure} />
      )}
      <Panel title="How far from float64" hint="a bar for each power of ten of the error">
        <ScrollRegion label="Errors by float and number of ranks">
          {rounding === null ? (
            <p className={css['empty']}>Drawn once the ranks have added it up.</p>
          ) : (
            <Table on={rounding.on} stale={stale} />
          )}
        </ScrollRegion>
      </Panel>
      <p className={css['text']}>{ROUNDING_WORDS.close}</p>
      <Reported {...ROUNDING_WORDS.reported} />
    </>
  );
}

/** Why the ranks have no answer, as every page says it. */
export function NoAnswer({ failure }: { readonly failure: NonNullable<MuseumState['failure']> }) {
  const device = useMuseum((state) => state.visit.device);
  const look = useMuseum((state) => state.look);
  const rerun = useMuseum((state) => state.rerun);
  const onCpu = device === 'cpu' ? null : () => look({ device: 'cpu' });
  return <Failure failure={failure} hasRun={false} onCpu={onCpu} onRetry={rerun} />;
}

/** The widest and the narrowest float, on the most ranks. */
function saidOf(on: readonly Rounding[]): string {
  const most = on.at(-1);
  const said = most?.floats
    .filter((_, i) => i === 0 || i === most.floats.length - 1)
    .map(({ float, median, changed }) => {
      return `in ${float} ${Math.round(100 * changed)} % of the sums are other numbers than on one rank, typically ${formatError(median)} from float64`;
    });
  return most === undefined ? '' : `On ${counted(most.worldSize, 'rank')}, ${said?.join('; ')}`;
}

function Table({ on, stale }: { readonly on: readonly Rounding[]; readonly stale: boolean }) {
  return (
    <table className={`table ${css['rounding']}`} data-stale={stale || undefined}>
      <thead>
        <tr>
          <th scope="col">ranks</th>
          <th scope="col">float</th>
          <th scope="col">1e−9 … 1</th>
          <th scope="col">median</th>
          <th scope="col">largest</th>
          <th scope="col">not as on one</th>
        </tr>
      </thead>
      <tbody>
        {on.flatMap(({ worldSize, floats }) =>
          floats.map(({ float, bins, median, most, changed }, i) => (
            <tr key={`${worldSize} ${float}`} data-first={i === 0 || undefined}>
              <td className="num">{i === 0 ? worldSize : ''}</td>
              <th scope="row">{float}</th>
              <td>
                <Histogram bins={bins} />
              </td>
              <td className="num">{formatError(median)}</td>
              <td className="num">{formatError(most)}</td>
              <td className="num">{worldSize === 1 ? '–' : `${Math.round(100 * changed)} %`}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}

function Histogram({ bins }: { readonly bins: readonly number[] }) {
  return (
    <span className={css['bins']} aria-hidden="true">
      {bins.map((share, power) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          key={power}
          style={{ '--share': `${Math.round(100 * Math.sqrt(share))}%` } as CSSProperties}
        />
      ))}
    </span>
  );
}

interface ReportedProps {
  readonly where: string;
  readonly url: string;
}

export function Reported({ where, url }: ReportedProps) {
  return (
    <p className="ink2">
      Reported or mended in{' '}
      <a href={url} target="_blank" rel="noreferrer">
        {where}
      </a>
      .
    </p>
  );
}
