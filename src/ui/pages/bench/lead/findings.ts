/** A run in words: what it found, whether it was right, on what it ran. The numbers of its cells and nothing else. */

import { listed } from '#base/shown.ts';
import { tokensPerSecond } from '#bench/columns.ts';
import type { BenchResult } from '#bench/record.ts';
import { isCollective } from '#collectives/kinds.ts';
import type { RunHeader } from '#lab/bench/state.ts';
import { isMeasured, isTrusted, spreadOf } from '#lab/bench/trust.ts';
import { type Interval, median, ratioOfMedians } from '#numerics/statistics.ts';
import { counted, type Phrase, type Sentence } from '#ui/components/words.ts';
import { formatBytes, formatCount } from '#ui/format.ts';
import type { Said } from '#ui/page/Lead.tsx';
import { formatBandwidth, formatRate } from '#ui/units.ts';
import { fixedCase } from '../charts/scaling.ts';
import { opLabel, placeLabel, shapeLabel } from '../series.ts';

/** From here on it is worth a word. */
const FASTER = 1.05;

/** @param cores of the machine: more ranks share them */
export function findingsOf(all: readonly BenchResult[], cores = Number.POSITIVE_INFINITY): Sentence {
  const results = all.filter(isTrusted);
  const found = [scalingOf(results, cores), ringOf(results), productsOf(results), decodingOf(results)].filter(
    (one) => one !== null,
  );
  const [first, ...others] = found;
  if (first === undefined) {
    if (results.length > 0) {
      const body = [results.length === 1 ? 'The table has it.' : 'The table has them all.'];
      return { title: `${counted(results.length, 'cell')} measured`, body };
    }
    const title = all.some(isMeasured) ? 'No time here can be built on' : 'Nothing could be measured';
    return { title, body: ['The table says why, cell by cell.'] };
  }
  const body = [...first.body, ...others.flatMap(({ whole }): Phrase[] => [' ', ...whole])];
  return { title: first.title, body };
}

interface Finding {
  readonly title: string;
  /** What the title leaves out. */
  readonly body: readonly Phrase[];
  /** All of it, where another has the title. */
  readonly whole: readonly Phrase[];
}

/** Of the fixed case, on as many ranks as the machine has cores for. */
function scalingOf(results: readonly BenchResult[], cores: number): Finding | null {
  const gains = fixedCase(results);
  const [fewest] = gains;
  const gain = gains.findLast(({ result }) => result.worldSize <= cores) ?? fewest;
  if (gain === undefined) return null;
  const { result, one } = gain;
  const { worldSize } = result;
  const ranks = ranksOf(result);
  const what = opLabel(result.op).toLowerCase().replace('mlp', 'MLP');
  const interval = speedUpInterval(one, result);
  const speed = `${interval.value.toFixed(2)} times`;
  const others = gains
    .filter((other) => other !== gain)
    .map((other) => `${other.speedUp.toFixed(2)} on ${other.result.worldSize}`);
  const rest: Phrase[] = [
    ` (95 % interval ${rangeText(interval)}), at ${shapeLabel(result)}`,
    others.length === 0 ? '.' : `; ${listed(others)}.`,
    superlinear(interval, worldSize),
  ];
  const whole: Phrase[] = [`The ${what} on ${ranks} runs `, { strong: speed }, ' as fast as on one', ...rest];
  if (interval.value < FASTER) {
    return { title: 'More ranks gain no time here', body: whole, whole };
  }
  return {
    title: `${ranks} run the ${what} ${interval.value.toFixed(1)} times as fast as one`,
    body: ['Measured: ', { strong: speed }, ...rest],
    whole,
  };
}

/** More than p times with p ranks is none of the ranks' doing. */
function superlinear({ value, low }: Interval, ranks: number): string {
  if (value <= ranks) return '';
  return low > ranks
    ? ` More than ${ranks} times is the cache’s doing: a shard fits into it where the whole does not.`
    : ` More than ${ranks} times lies within the noise.`;
}

/** "1.2 to 1.4", or "unknown" of single times. */
function rangeText({ low, high }: Interval): string {
  return Number.isFinite(high) ? `${low.toFixed(2)} to ${high.toFixed(2)}` : 'unknown: timed once';
}

const intervals = new WeakMap<BenchResult, Interval>();

/** t₁/tₙ with its interval. Each result that comes asks for it again. */
function speedUpInterval(one: BenchResult, several: BenchResult): Interval {
  const interval = intervals.get(several) ?? {
    ...ratioOfMedians(several.samplesMs, one.samplesMs),
    value: one.medianMs / several.medianMs,
  };
  intervals.set(several, interval);
  return interval;
}

/** "4 CPU ranks", "4 ranks on one WebGPU device". */
function ranksOf({ worldSize, backend, placement }: BenchResult): string {
  const place = placeLabel({ backend, placement: 'worker' });
  return placement === 'one-device'
    ? `${counted(worldSize, 'rank')} on one ${place} device`
    : counted(worldSize, `${place} rank`);
}

function ringOf(results: readonly BenchResult[]): Finding | null {
  const reduces = results.filter(({ op }) => op === 'all_reduce');
  const carried = reduces.length > 0 ? reduces : results.filter(({ op }) => isCollective(op));
  const [best] = carried.toSorted((a, b) => b.busBwGBs - a.busBwGBs);
  if (best === undefined || best.busBwGBs === 0) return null;
  const { op, worldSize, bytes, busBwGBs } = best;
  const name = opLabel(op).toLowerCase();
  const smallest = carried
    .filter((one) => one.worldSize === worldSize && placeLabel(one) === placeLabel(best))
    .toSorted((a, b) => a.bytes - b.bytes)[0];
  const rest: Phrase[] =
    smallest === undefined || smallest.bytes === bytes
      ? []
      : [
          ` A small one, of ${formatBytes(smallest.bytes)}, takes `,
          { strong: `${(1000 * smallest.medianMs).toFixed(0)} µs` },
          ': there the steps cost, not the bytes.',
        ];
  const where = `at ${formatBytes(bytes)} on ${ranksOf(best)}`;
  return {
    title: `The ${name} moves ${formatBandwidth(busBwGBs)}`,
    body: [`That is busBw, as nccl-tests counts it, ${where}.`, ...rest],
    whole: [`The ${name} moves `, { strong: formatBandwidth(busBwGBs) }, ` ${where}.`, ...rest],
  };
}

function productsOf(results: readonly BenchResult[]): Finding | null {
  const products = results.filter(({ op }) => op === 'gemm');
  const [best] = products.toSorted((a, b) => b.gflops - a.gflops);
  if (best === undefined) return null;
  const kernel = best.variant === '' ? '' : `, kernel “${best.variant}”,`;
  const where = `${placeLabel(best)}${kernel} at ${shapeLabel(best)}`;
  return {
    title: `One rank multiplies at ${formatRate(best.gflops)}`,
    body: [`That is ${where}.`],
    whole: ['One rank multiplies at ', { strong: formatRate(best.gflops) }, `: ${where}.`],
  };
}

function decodingOf(results: readonly BenchResult[]): Finding | null {
  const decodes = results.filter(({ op }) => op === 'decode');
  const [best] = decodes.toSorted((a, b) => tokensPerSecond(b) - tokensPerSecond(a));
  if (best === undefined) return null;
  const rate = `${formatCount(tokensPerSecond(best))} tokens a second`;
  const where = `${best.variant} on ${ranksOf(best)}`;
  return {
    title: `A model writes ${rate}`,
    body: [`That is ${where}.`],
    whole: ['A model writes ', { strong: rate }, `: ${where}.`],
  };
}

/** "NVIDIA Ampere, all ranks share it · 8 cores, all ranks share them"; null where nothing is known. */
export function chipText({
  devices,
  environment,
  imported,
}: Pick<RunHeader, 'devices' | 'environment' | 'imported'>): string | null {
  if (imported)
    return `Imported · ${Object.values(environment.adapter).join(' ') || environment.userAgent.slice(0, 28)}`;
  const gpu = devices.find(({ kind }) => kind === 'webgpu');
  const cpu = devices.some(({ kind }) => kind === 'cpu');
  const parts = [
    ...(gpu === undefined
      ? []
      : [gpu.software ? 'WebGPU, software adapter' : `${gpu.label}, shared by all ranks`]),
    ...(cpu ? [`${counted(environment.cores, 'core')}, shared by all ranks`] : []),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}

/** The check of a run in a line. */
export function verdictOf(results: readonly BenchResult[], state: RunHeader['state']): Said {
  const wrong = results.filter((result) => result.wrong > 0);
  const failed = results.filter((result) => !isMeasured(result));
  const measured = results.filter(isMeasured);
  const samples = median(measured.map(({ samplesMs }) => samplesMs.length));
  const spread = median(measured.map(spreadOf));
  const parts = [
    `${counted(results.length, 'cell')}, ${wrong.length} wrong`,
    ...(failed.length > 0 ? [`${failed.length} did not run`] : []),
    ...(measured.length === 0
      ? []
      : samples < 2
        ? ['one time a cell: its samples are not told']
        : [`median of ${Math.round(samples)} samples`, `spread ${(100 * spread).toFixed(0)} %`]),
    ...(state === 'running' || state === 'complete' ? [] : [state]),
  ];
  const pass = wrong.length > 0 || measured.length === 0 ? false : failed.length === 0 || null;
  return { pass, text: parts.join(' · ') };
}
