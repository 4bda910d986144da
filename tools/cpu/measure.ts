/** What `npm run bench:cpu` runs in its page: one thread with everything, then two that share a product. */

import { type Case, cases, columnSplit } from './cases.ts';
import { limits } from './limits.ts';
import type { Answer, Order } from './worker.ts';

export interface Row {
  readonly name: string;
  readonly speed: string;
  /** To what the machine can do, in the same rounds. */
  readonly ratio: string;
}

const ROUNDS = 40;
const SPLIT_ROUNDS = 12;
const SPLIT_MS = 150;

export async function measure(): Promise<Row[]> {
  const threads = [start(), start()] as const;
  const times = await threads[0].ask({ kind: 'all', rounds: ROUNDS });
  const speedsOf = (name: string, count: number) => (times[name] ?? []).map((ms) => count / ms / 1e6);
  const best = { peak: speedsOf('peak', limits.peak.count), copy: speedsOf('copy', limits.copy.count) };
  const rows = [
    { name: limits.peak.name, speed: speedText(best.peak, 'FLOP'), ratio: '' },
    { name: limits.copy.name, speed: speedText(best.copy, 'B'), ratio: '' },
    ...cases.map(({ name, unit, count, limit }) => {
      const speeds = speedsOf(name, count);
      return {
        name,
        speed: speedText(speeds, unit),
        ratio: limit === null ? '' : ratioText(speeds, best[limit], limit),
      };
    }),
    await measureSplit(threads),
  ];
  for (const { end } of threads) end();
  return rows;
}

function ratioText(speeds: readonly number[], limit: readonly number[], name: 'peak' | 'copy'): string {
  const percent = Math.round((100 * fast(speeds)) / fast(limit));
  return `${percent} % of the ${name === 'peak' ? 'multiply-adds' : 'copy'}`;
}

function speedText(speeds: readonly number[], unit: Case['unit']): string {
  const speed = fast(speeds);
  return unit === 'elements' ? `${(1 / speed).toFixed(2)} ns an element` : `${speed.toFixed(1)} G${unit}/s`;
}

/** A product by one rank, and by two at once, by turns. */
async function measureSplit(threads: readonly Thread[]): Promise<Row> {
  const speeds: [one: number[], two: number[]] = [[], []];
  for (let round = 0; round < SPLIT_ROUNDS; round++) {
    for (const [i, ranks] of [threads.slice(0, 1), threads].entries()) {
      const worldSize = ranks.length;
      const order = { kind: 'columnSplit', worldSize, ms: SPLIT_MS } as const;
      const answers = await Promise.all(ranks.map(({ ask }) => ask(order)));
      const { name } = columnSplit(worldSize);
      // The slower rank is the speed of both.
      speeds[i]?.push(Math.min(...answers.map((times) => fast((times[name] ?? []).map((ms) => 1 / ms)))));
    }
  }
  const [one, two] = speeds.map(fast);
  const gain = (two ?? Number.NaN) / (one ?? Number.NaN);
  return {
    name: `${columnSplit(1).name} cut into columns`,
    speed: '',
    ratio: `two ranks ${gain.toFixed(2)} × one`,
  };
}

type Times = Exclude<Answer, { readonly error: string }>;

interface Thread {
  ask(order: Order): Promise<Times>;
  end(): void;
}

function start(): Thread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }: MessageEvent<Answer>) =>
          typeof data.error === 'string' ? reject(new Error(data.error)) : resolve(data as Times);
        worker.postMessage(order);
      }),
    end: () => worker.terminate(),
  };
}

/** The fastest tenth: others on the machine take time from the rest, and more from what runs longer. */
function fast(speeds: readonly number[]): number {
  return speeds.toSorted((a, b) => b - a)[Math.floor(speeds.length / 10)] ?? Number.NaN;
}
