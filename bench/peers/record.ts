/** A run as a record of the benchmark, for the Benchmark page to lay over others. */

import { type BenchEnvironment, type BenchRecord, type BenchResult, SCHEMA } from '../../src/bench/record.ts';
import { bandwidths } from '../../src/collectives/bandwidth.ts';
import { isCollective } from '../../src/collectives/kinds.ts';
import { quantile, relativeSpread, reliabilityOf } from '../../src/numerics/statistics.ts';
import { linearFlops } from '../../src/operations/costs.ts';
import type { Outcome } from './race.ts';
import type { Ran } from './report.ts';

/** What was timed and has a name there. */
export function recordOf(environment: BenchEnvironment, races: readonly Ran[]): BenchRecord {
  const results = races.flatMap(({ contenders, outcomes }) =>
    contenders.flatMap(({ entrant, case: one }): BenchResult[] => {
      const outcome = outcomes.find(({ id }) => id === entrant.id);
      return one === null || outcome?.kind !== 'timed' ? [] : [resultOf(one, outcome)];
    }),
  );
  return { schema: SCHEMA, environment, results };
}

function resultOf(
  one: NonNullable<Ran['contenders'][number]['case']>,
  { samplesMs, maxAbsError }: Outcome & { kind: 'timed' },
): BenchResult {
  const medianMs = quantile(samplesMs, 0.5);
  const { m = 0, k = 0, n = 0 } = one.shape;
  const collective = isCollective(one.op);
  const reliability = reliabilityOf(relativeSpread(samplesMs));
  return {
    ...one,
    samplesMs,
    medianMs,
    p10Ms: quantile(samplesMs, 0.1),
    p90Ms: quantile(samplesMs, 0.9),
    gflops: collective ? 0 : linearFlops(m, k, n) / medianMs / 1e6,
    ...(isCollective(one.op)
      ? bandwidths(one.op, one.worldSize, one.bytes, medianMs)
      : { algBwGBs: 0, busBwGBs: 0 }),
    // Of a library one cannot tell them apart, and of ours no trace was kept.
    computeMs: collective ? 0 : medianMs,
    commMs: collective ? medianMs : 0,
    waitMs: 0,
    maxAbsError,
    wrong: 0,
    ok: true,
    note: reliability === 'steady' ? '' : reliability,
  };
}
