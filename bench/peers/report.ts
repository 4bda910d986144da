/** The one table of a run, as text. */

import { type Bar, barsOf, type Figure, type Machine, type Raced } from './bars.ts';
import type { Amount, Contender } from './entrants.ts';
import { type Outcome, ratioOf, spreadOf } from './race.ts';
import { titleOf } from './works.ts';

export interface Ran extends Raced {
  readonly contenders: readonly Contender[];
}

type Row = readonly [what: string, time: string, rate: string, ratio: string, fast: string, verdict: string];

/** Each race with its entrants, their times and ratios to us, and then every bar. */
export function reportOf(races: readonly Ran[], machine: Machine): string {
  const rows: Row[] = [
    ['', 'median, ms (p10 … p90)', 'rate', '÷ ours (p10 … p90)', 'fastest tenth', ''],
    ...races.flatMap(rowsOf),
    ['', '', '', '', '', ''],
    ['bars', 'wanted', 'median', 'p10 … p90', 'fastest tenth', ''],
    ...barsOf(races, machine).map(barRow),
  ];
  const widths = rows.reduce(
    (most, row) => most.map((width, i) => Math.max(width, row[i]?.length ?? 0)),
    [0, 0, 0, 0, 0, 0],
  );
  return rows
    .map((row) =>
      row.map((text, i) =>
        i === 0 || i === 5 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0),
      ),
    )
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}

function rowsOf({ work, leftOut, contenders, outcomes }: Ran): Row[] {
  const title = titleOf(work);
  if (leftOut !== '') return [[`${title}: not run, for ${leftOut}`, '', '', '', '', '']];
  const ours = outcomes.find(({ id }) => id.startsWith('ours'));
  return [
    [title, '', '', '', '', ''],
    ...contenders.flatMap((contender): Row[] => {
      const label = `  ${labelOf(contender)}`;
      const outcome = outcomes.find(({ id }) => id === contender.entrant.id);
      if (outcome === undefined) return [];
      if (outcome.kind === 'failed') return [[`${label}: not run, for ${outcome.why}`, '', '', '', '', '']];
      const { samplesMs } = outcome;
      // The runs of a limit do another amount.
      const ratio = contender.kind === 'limit' ? (['', ''] as const) : ratioTexts(outcome, ours);
      return [[label, timeText(samplesMs), rateText(contender.does, samplesMs), ...ratio, '']];
    }),
  ];
}

function labelOf({ entrant, label }: Contender): string {
  const version = 'version' in entrant ? entrant.version() : '';
  return version === '' ? label : `${label} (${version})`;
}

function barRow({ name, bound, wanted, unit, figure, verdict }: Bar): Row {
  const sign = bound === 'at least' ? '≥' : '≤';
  const why = 'why' in figure ? `: ${figure.why}` : '';
  return [name, `${sign} ${wanted} ${unit}`, ...figureTexts(figure, unit), `${verdict}${why}`];
}

function figureTexts(
  figure: Figure,
  unit: Bar['unit'],
): readonly [median: string, spread: string, fast: string] {
  if ('why' in figure) return ['', '', ''];
  const [value, low, high, fast] = [figure.value, figure.low, figure.high, figure.undisturbed].map((one) =>
    numberText(one, unit),
  );
  return [`${value} ${unit}`, `${low} … ${high}`, fast ?? ''];
}

function numberText(value: number, unit: Bar['unit']): string {
  return unit === '%' ? value.toFixed(0) : value.toFixed(unit === '×' ? 2 : 1);
}

function timeText(samples: readonly number[]): string {
  const { value, low, high } = spreadOf(samples);
  return `${digits(value)} (${digits(low)} … ${digits(high)})`;
}

function ratioTexts(outcome: Outcome, ours: Outcome | undefined): readonly [all: string, fast: string] {
  if (outcome.kind !== 'timed' || ours?.kind !== 'timed' || outcome === ours) return ['', ''];
  const { value, low, high, undisturbed } = ratioOf(outcome.samplesMs, ours.samplesMs);
  return [`${value.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`, undisturbed.toFixed(2)];
}

function rateText({ count, unit }: Amount, samples: readonly number[]): string {
  return `${digits(count / spreadOf(samples).value / 1e6)} G${unit}/s`;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
