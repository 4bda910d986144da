import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { type Draw, faultsOf, mutateText } from '../../numerics/testing/mutate.ts';
import { toJson } from '../exportRecord.ts';
import { linkOfRecords } from '../measuredLink.ts';
import { parseMeasured, parseRecord } from '../parseRecord.ts';
import type { BenchRecord, BenchResult } from '../record.ts';
import type { ServingResult } from '../serving/serving.ts';

const TABLES = new URL('../../../tests/cases/tables/', import.meta.url);
const COUNT = 5000;

/** Text damaged in one place, in two, or with a line lost, doubled or moved. */
function damage(text: string): (draw: Draw) => string {
  const lines = text.split('\n');
  return (draw) => {
    const at = draw.below(lines.length);
    const line = lines[at] ?? '';
    switch (draw.below(6)) {
      case 0:
        return lines.toSpliced(at, 1).join('\n');
      case 1:
        return lines.toSpliced(at, 0, line).join('\n');
      case 2:
        return lines.toSpliced(at, 1).toSpliced(draw.below(lines.length), 0, line).join('\n');
      case 3:
        return mutateText(mutateText(text, draw), draw);
      default:
        return lines.with(at, mutateText(line, draw)).join('\n');
    }
  };
}

/** What of a text that was taken cannot be true, or could not be shown or kept. */
function wrongWith(text: string): string[] {
  const { records, serving } = parseMeasured(text);
  const key = JSON.stringify([records, serving]);
  const own = judged.get(key) ?? [...records.flatMap(wrongWithRecord), ...serving.flatMap(wrongWithServing)];
  judged.set(key, own);
  return own.concat(records.length + serving.length === 0 ? ['nothing was taken, and nothing was said'] : []);
}

/** Damage to what nobody reads makes results that were looked at before. */
const judged = new Map<string, string[]>();

function wrongWithRecord(record: BenchRecord): string[] {
  const { results, environment } = record;
  const wrong = results.flatMap(untruths);
  if (results.length > 0 && JSON.stringify(parseRecord(toJson(record))) !== JSON.stringify([record])) {
    wrong.push('it does not read back');
  }
  const said = [
    environment.userAgent,
    ...Object.values(environment.adapter),
    ...results.map(({ note }) => note),
  ];
  const odd = said.find((words) => /NaN|undefined|Infinity|null|\[object/.test(words));
  if (odd !== undefined) wrong.push(`it says ${odd}`);
  const link = linkOfRecords([record]);
  if (typeof link === 'string') return /[.]$/.test(link) ? wrong : [...wrong, `no sentence: ${link}`];
  const { alphaUs, betaGBs, error } = link.link;
  const sound = alphaUs >= 0 && betaGBs > 0 && error >= 0 && Number.isFinite(alphaUs + betaGBs + error);
  return sound ? wrong : [...wrong, `a link of ${alphaUs}, ${betaGBs}, ${error}`];
}

function untruths(result: BenchResult): string[] {
  const { worldSize, bytes, wrong, medianMs, samplesMs, algBwGBs, busBwGBs, ok } = result;
  const holds: [what: string, holds: boolean][] = [
    ['whole', [worldSize, bytes, wrong].every((value) => Number.isSafeInteger(value) && value >= 0)],
    ['ranks', worldSize >= 1 && worldSize <= 65_536 && bytes > 0],
    ['times', samplesMs.length > 0 && samplesMs.every((ms) => ms >= 0 && Number.isFinite(ms))],
    ['rates', [algBwGBs, busBwGBs].every((rate) => rate >= 0 && Number.isFinite(rate)) || medianMs === 0],
    // As nccl-tests print them, they are rounded.
    ['algbw', medianMs === 0 || Math.abs(algBwGBs - bytes / medianMs / 1e6) <= 0.006 + 0.07 * algBwGBs],
    ['ok', ok === (wrong === 0)],
  ];
  return holds.filter(([, is]) => !is).map(([what]) => `${what} of ${JSON.stringify(result)}`);
}

function wrongWithServing(one: ServingResult): string[] {
  const { seconds, outputTokens, outputTokensPerSecond, totalTokensPerSecond, completed, tensorParallel } =
    one;
  const due = outputTokens / seconds;
  const holds = [
    Math.abs(due - outputTokensPerSecond) <= 0.021 * due + 0.01,
    totalTokensPerSecond >= due && Number.isFinite(totalTokensPerSecond),
    Number.isSafeInteger(completed),
    tensorParallel === null || (Number.isSafeInteger(tensorParallel) && tensorParallel > 0),
    [one.ttftMs, one.tpotMs, one.itlMs].every((latency) => latency === null || latency.median >= 0),
  ];
  return holds.every((hold) => hold) ? [] : [`serving: ${JSON.stringify(one)}`];
}

it.each(readdirSync(TABLES))(
  '%s: none of 5,000 damaged copies is taken wrongly, or breaks the reader',
  (name) => {
    const text = readFileSync(new URL(name, TABLES), 'utf8');
    const { faults, taken } = faultsOf(
      COUNT,
      damage(text),
      wrongWith,
      (thrown) =>
        thrown instanceof LabError && thrown.code === 'input' && /^.{10,700}[.]$/s.test(thrown.message),
    );
    expect(faults.slice(0, 5)).toEqual([]);
    expect(taken).toBeGreaterThan(50);
  },
);
