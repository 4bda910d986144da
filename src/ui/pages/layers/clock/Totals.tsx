import type { LayerRun } from '#lab/layers/run.ts';
import type { ClockModel, LaneName } from '#ui/clock/stretch.ts';
import { RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatMs } from '#ui/format.ts';
import css from './layersClock.module.css';

/** The lanes in sums, and the same pass without the waiting that this clock needs. */
export function Totals({ run, model }: { readonly run: LayerRun; readonly model: ClockModel }) {
  const totals = laneTotals(model);
  return (
    <div className={css['totals']}>
      <ScrollRegion label="Time of each rank in sums">
        <table className={`table ${css['table']}`}>
          <thead>
            <tr>
              <th scope="col">Rank</th>
              <th scope="col">Device</th>
              <th scope="col">Ring</th>
              <th scope="col">Wait</th>
            </tr>
          </thead>
          <tbody>
            {totals.map(({ device, comm, wait }, rank) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
              <tr key={rank}>
                <td>
                  <RankBadge rank={rank} />
                </td>
                <td className="num">{formatMs(device)}</td>
                <td className="num">{formatMs(comm)}</td>
                <td className="num">{formatMs(wait)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <dl className={`quiet stack gap-3 ${css['passes']}`}>
        <div>
          <dt>Step by step</dt>
          <dd className="num">{formatMs(run.endMs - run.startMs)}</dd>
          <dd>
            The pass of these sums: each operation was waited for before the next began, so that it has a time
            of its own.
          </dd>
        </div>
        <div>
          <dt>In one go</dt>
          <dd className="num">{formatMs(run.oneGoMs)}</dd>
          <dd>The same pass on the slowest rank, with nothing waited for but the other ranks and the end.</dd>
        </div>
        <div>
          <dt>In a trace viewer</dt>
          <dd>
            “Export trace” saves the spans of this clock as a file that opens in ui.perfetto.dev and
            chrome://tracing.
          </dd>
        </div>
      </dl>
    </div>
  );
}

export type LaneTotals = Readonly<Record<LaneName, number>>;

/** By rank, in milliseconds. */
export function laneTotals({
  stretches,
  worldSize,
}: Pick<ClockModel, 'stretches' | 'worldSize'>): LaneTotals[] {
  const totals = Array.from({ length: worldSize }, () => ({ device: 0, comm: 0, wait: 0 }));
  for (const { span, lane, startMs, endMs } of stretches) {
    const own = totals[span.rank];
    if (own !== undefined) own[lane] += endMs - startMs;
  }
  return totals;
}
