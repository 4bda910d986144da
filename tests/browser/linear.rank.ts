/** A rank for the tests of launch() and of the linear layers. */

import { fillBlock } from '../../src/numerics/matrix.ts';
import { lengthOf, shardRange } from '../../src/numerics/ranges.ts';
import { ColumnParallelLinear, type RankContext, RowParallelLinear, serve } from '../../src/rank/index.ts';

export interface LinearCase {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly bias: boolean;
  readonly x: Float32Array;
  readonly weight: Float32Array;
  readonly b: Float32Array;
}

export interface LinearProgram {
  /** The unsplit product, on this rank's device alone. */
  whole(testCase: LinearCase): Promise<Float32Array>;
  column(testCase: LinearCase, gatherOutput: boolean): Promise<Float32Array>;
  row(
    testCase: LinearCase,
    inputIsParallel: boolean,
    addBias: 'after-reduce' | 'every-rank',
    blocks?: number,
  ): Promise<Float32Array>;
  pair(testCase: LinearCase): Promise<Float32Array>;
  /** Throws on one rank while the others wait for it in a collective. */
  failOn(rank: number, message: string): Promise<void>;
  /** Never returns on one rank; the others wait for it. */
  hangOn(rank: number): Promise<void>;
  /** Leaves one rank's thread in an endless loop. */
  spinOn(rank: number): Promise<void>;
  /** All-reduces until it is stopped; says on the channel of the same name that it has done the first. */
  endless(length: number): Promise<void>;
  /** One allReduce per length; the ranks' hashes of input are their numbers plus 1. */
  sums(lengths: readonly number[]): Promise<Float32Array[]>;
  /** Records so many spans, takes them, and puts them back. */
  record(spans: number): Promise<void>;
}

serve((context: RankContext): LinearProgram => {
  const { rank, worldSize, comm, device, recorder } = context;
  const read = async (forward: Promise<ReturnType<typeof device.tensor>>): Promise<Float32Array> => {
    const y = await forward;
    const data = (await device.read(y)).slice();
    device.free(y);
    return data;
  };
  return {
    async whole({ m, k, n, bias, x, weight, b }) {
      const [tx, tw, tb] = [device.tensor(x, [m, k]), device.tensor(weight, [n, k]), device.tensor(b, [n])];
      const y = bias ? device.linear(tx, tw, tb) : device.linear(tx, tw);
      const data = (await device.read(y)).slice();
      device.free(tx, tw, tb, y);
      return data;
    },

    async column({ m, k, n, bias, x, weight, b }, gatherOutput) {
      const layer = new ColumnParallelLinear(context, k, n, { bias, gatherOutput });
      layer.load(weight, bias ? b : undefined);
      const tx = device.tensor(x, [m, k]);
      const data = await read(layer.forward(tx));
      device.free(tx);
      layer.free();
      return data;
    },

    async row({ m, k, n, bias, x, weight, b }, inputIsParallel, addBias, blocks = 1) {
      const layer = new RowParallelLinear(context, k, n, { bias, inputIsParallel, addBias, blocks });
      layer.load(weight, bias ? b : undefined);
      const cols = inputIsParallel ? shardRange(k, worldSize, rank) : { start: 0, end: k };
      const own = fillBlock({ rows: { start: 0, end: m }, cols }, (i, j) => x[i * k + j] ?? Number.NaN);
      const tx = device.tensor(own, [m, lengthOf(cols)]);
      const data = await read(layer.forward(tx));
      device.free(tx);
      layer.free();
      return data;
    },

    /** x·Wᵀ then ·W, the second weight being the first one transposed. */
    async pair({ m, k, n, x, weight }) {
      const fc1 = new ColumnParallelLinear(context, k, n, { bias: false, gatherOutput: false });
      const fc2 = new RowParallelLinear(context, n, k, { bias: false });
      fc1.load(weight);
      fc2.load(
        fillBlock(
          { rows: { start: 0, end: k }, cols: { start: 0, end: n } },
          (i, j) => weight[j * k + i] ?? 0,
        ),
      );
      const tx = device.tensor(x, [m, k]);
      const h = await fc1.forward(tx);
      const data = await read(fc2.forward(h));
      device.free(tx, h);
      return data;
    },

    async failOn(who, message) {
      if (rank === who) throw new TypeError(message);
      await comm.allReduce(new Float32Array(10));
    },

    async hangOn(who) {
      if (rank === who) await new Promise(() => {});
      await comm.allReduce(new Float32Array(10));
    },

    async spinOn(who) {
      while (rank === who);
    },

    async endless(length) {
      const data = new Float32Array(length);
      await comm.allReduce(data, 'sum', { algorithm: 'ring' });
      new BroadcastChannel('endless').postMessage(rank);
      for (;;) await comm.allReduce(data, 'sum', { algorithm: 'ring' });
    },

    async sums(lengths) {
      const results: Float32Array[] = [];
      for (const length of lengths) {
        const data = new Float32Array(length).fill(rank + 1);
        await comm.allReduce(data);
        results.push(data);
      }
      return results;
    },

    async record(spans) {
      for (let i = 0; i < spans; i++) recorder.add({ kind: 'host', name: 'test', startMs: i, endMs: i + 1 });
      recorder.restore(recorder.take());
    },
  };
});
