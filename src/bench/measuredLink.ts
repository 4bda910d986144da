/**
 * What a table says of the links below it: α and β of each collective that it measured, in the shape that machines have
 * (machines/fabrics.ts), to stand where a datasheet stood.
 */

import { messageOf } from '../base/errors.ts';
import { groupBy } from '../base/groupBy.ts';
import { listed } from '../base/shown.ts';
import { type CollectiveOp, isCollective } from '../collectives/kinds.ts';
import type { MeasuredLink } from '../machines/fabrics.ts';
import { fitLink } from './costModel.ts';
import { parseMeasured } from './parseRecord.ts';
import { linesOf } from './printed/lines.ts';
import { hostsOf } from './printed/ncclRuns.ts';
import type { BenchRecord, BenchResult } from './record.ts';
import { workOver } from './transport.ts';

/** One collective on one number of ranks of one machine. */
export interface KindLink {
  readonly op: CollectiveOp;
  readonly ranks: number;
  /** t = steps · α + bytes a rank sends / β, of a ring. */
  readonly link: MeasuredLink;
  /** Cells behind the fit. */
  readonly points: number;
}

export interface TableLink extends KindLink {
  /** GPU and program, as far as the text tells them. */
  readonly machine: string;
  /** Machines that took part; null where the text does not name them. Of several the link is not that inside of one. */
  readonly nodes: number | null;
}

/**
 * The link that a text of measurements tells, whatever program wrote it (see parseRecord.ts): of the all-reduce on the most
 * ranks, which is what tensor parallelism waits for; of another collective where there is none.
 *
 * @returns a sentence where there is none: what is wrong with the text, or which cells would do
 */
export function linkOfTable(text: string): TableLink | string {
  try {
    const { records, serving } = parseMeasured(text);
    if (records.length === 0 && serving.length > 0) {
      return 'These are results of serving. A link is told by collectives: run nccl-tests, as “all_reduce_perf -b 8K -e 256M -f 4 -g 8”.';
    }
    const found = linkOfRecords(records);
    if (typeof found === 'string') return found;
    const hosts = hostsOf(linesOf(text));
    return { ...found, nodes: hosts === 0 ? null : hosts };
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** The same of records. */
export function linkOfRecords(records: readonly BenchRecord[]): TableLink | string {
  const found = records.flatMap((record) =>
    kindsOf(record).map((kind) => ({ ...kind, machine: machineOf(record) })),
  );
  const [best] = found.toSorted(
    (a, b) =>
      Number(b.op === 'all_reduce') - Number(a.op === 'all_reduce') ||
      b.ranks - a.ranks ||
      b.points - a.points,
  );
  if (best !== undefined) return { ...best, nodes: null };
  const cells = records.flatMap(({ results }) => results.filter(isUsable));
  if (cells.length === 0) {
    return 'There is no collective on 2 ranks or more among the results, or none that was right. A link is told by one, of several sizes.';
  }
  const sizes = new Set(cells.map(({ bytes }) => bytes)).size;
  const ops = listed([...new Set(cells.map(({ op }) => op))]);
  return (
    `${sizes === 1 ? `One size of ${ops} does` : `${sizes} sizes of ${ops} do`} not tell latency from bandwidth. ` +
    'Measure small and large buffers of one collective, as 8 KiB to 256 MiB.'
  );
}

function isUsable({ op, ok, medianMs, worldSize, transport }: BenchResult): boolean {
  return isCollective(op) && ok && medianMs > 0 && worldSize > 1 && workOver(transport) !== null;
}

function kindsOf(record: BenchRecord): KindLink[] {
  const groups = groupBy(record.results.filter(isUsable), (result) =>
    [result.op, result.worldSize, result.backend, result.placement, result.transport].join(),
  );
  return [...groups.values()].flatMap((cells): KindLink[] => {
    const [first] = cells;
    const work = first === undefined ? null : workOver(first.transport);
    if (first === undefined || work === null || !isCollective(first.op)) return [];
    const fitted = fitLink(cells, work);
    // Infinite where times do not grow with the size: a machine cannot be so.
    if (fitted === null || !Number.isFinite(fitted.betaGBs)) return [];
    const { op, worldSize: ranks } = first;
    return [
      {
        op,
        ranks,
        link: {
          alphaUs: 1000 * fitted.alphaMs,
          betaGBs: fitted.betaGBs,
          error: fitted.error,
          from: `${machineOf(record)}: ${op} on ${ranks} ranks`,
        },
        points: fitted.count,
      },
    ];
  });
}

/** "NVIDIA A100-SXM4-80GB, nccl-tests". */
function machineOf({ environment: { adapter, userAgent } }: BenchRecord): string {
  return [adapter['device'] ?? '', userAgent].filter((part) => part !== '').join(', ');
}
