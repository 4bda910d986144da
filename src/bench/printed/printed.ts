/** Text that a machine printed, recognised by what is in it, as records. */

import { groupBy } from '../../base/groupBy.ts';
import { isCollective } from '../../collectives/kinds.ts';
import { caseKey } from '../cases.ts';
import { collectiveResult } from '../collectiveResult.ts';
import type { BenchRecord, BenchResult } from '../record.ts';
import { recordsOfGloo } from './gloo.ts';
import type { Line } from './lines.ts';
import { recordsOfNcclTables } from './ncclTable.ts';
import { recordsOfOsu } from './osu.ts';
import { recordsOfParam } from './param.ts';
import { recordsOfTorchTables } from './torchTables.ts';

interface Reader {
  /** What only its program prints, and always. */
  readonly mark: RegExp;
  readonly read: (lines: readonly Line[]) => BenchRecord[];
}

const READERS: readonly Reader[] = [
  // size, count, type and reduction of a row, which in old tables may be empty
  {
    mark: /\d\s+\d+\s+[a-z][a-z0-9_]*\s+(?:sum|prod|max|min|avg|mulsum|none|-?\d)/,
    read: recordsOfNcclTables,
  },
  { mark: /elements.*p50 \(/, read: recordsOfGloo },
  { mark: /\d ranks\b|---- Performance of /, read: recordsOfTorchTables },
  { mark: /COMMS-RES-/, read: recordsOfParam },
  { mark: /OSU .+ Test/, read: recordsOfOsu },
];

/** Empty where nothing in it is known. @throws LabError `input` of a table that is known and cannot be read */
export function recordsOfPrinted(lines: readonly Line[]): BenchRecord[] {
  return READERS.flatMap(({ mark, read }) =>
    lines.some(({ text }) => mark.test(text)) ? read(lines) : [],
  ).map(withoutRepeats);
}

/** Rows of one case, as with -N, are samples of one result. */
function withoutRepeats(record: BenchRecord): BenchRecord {
  const byCase = groupBy(record.results, caseKey);
  return { ...record, results: [...byCase.values()].flatMap(joined) };
}

function joined(same: readonly BenchResult[]): BenchResult[] {
  const [first] = same;
  if (first === undefined || same.length === 1 || !isCollective(first.op)) return [...same];
  return [
    collectiveResult({
      ...first,
      op: first.op,
      samplesMs: same.flatMap(({ samplesMs }) => samplesMs),
      wrong: same.reduce((sum, { wrong }) => sum + wrong, 0),
      notes: [first.note, `${same.length} times`],
    }),
  ];
}
