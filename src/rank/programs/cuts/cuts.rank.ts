/** The rank program of the story's pair: runs two products with the cuts that were chosen, and tells what it took. */

import { type RankContext, serve } from '../../../host/serve.ts';
import { check, exactLinear, exactly, hashBits } from '../../../numerics/oracle.ts';
import { shardRange } from '../../../numerics/ranges.ts';
import { parallelContext } from '../../../parallel/context.ts';
import { ProgramLayer } from '../../../parallel/ProgramLayer.ts';
import type { Weights } from '../../../parallel/weights.ts';
import { type CutPairConfig, cutPairProgram } from '../../../program/cutPair.ts';
import type { CutsProgram, CutsRankResult } from '../../../protocol/lessons.ts';
import { seededRows, seededWeights } from '../layer/numbers.ts';

function createCutsProgram({ rank, comm, device, recorder }: RankContext): CutsProgram {
  // The page shows the ring, whatever the size; `auto` would choose another way for small sums.
  const context = parallelContext(comm, device, { algorithm: 'ring' });
  return {
    async run(config, seed): Promise<CutsRankResult> {
      const { m, k } = config;
      const layer = new ProgramLayer(context, () => cutPairProgram(config));
      const weights = seededWeights(seed, Math.max(k, config.n));
      await layer.load(weights);
      const rows = seededRows(seed, { start: 0, end: m }, k); // [M, K]
      await comm.barrier();
      recorder.take();
      const x = device.tensor(rows, [m, k]);
      const y = await layer.run({ X: x }, m);
      const values = (await device.read(y)).slice();
      const recorded = recorder.take();
      device.free(x, y);
      layer.free();
      const result = { rank, outputHash: hashBits(values), check: await checkOwn(config, rows, values) };
      recorder.restore(recorded);
      return result;

      /** Every rank holds its own columns of Y against float64: together they check all. */
      async function checkOwn(of: CutPairConfig, input: Float32Array, output: Float32Array) {
        const own = shardRange(of.k, of.worldSize, rank);
        const h = exactLinear(
          exactly(m, k, input),
          { start: 0, end: of.n },
          await rowsOf('A', of.n, k),
          null,
        );
        const exact = exactLinear(h, own, await rowsOf('B', k, of.n), null); // [M, K/p]
        const held = Float32Array.from({ length: exact.values.length }, (_, i) => {
          const row = Math.floor(i / exact.cols);
          return output[row * k + own.start + (i % exact.cols)] ?? Number.NaN;
        });
        return check(held, exact, k + of.n + of.worldSize);
      }

      async function rowsOf(name: string, out: number, width: number) {
        const whole = await wholeOf(weights, `${name}.weight`, out, width);
        return (row: number, into: Float64Array): void =>
          into.set(whole.subarray(row * width, (row + 1) * width));
      }
    },
  };
}

function wholeOf(weights: Weights, name: string, out: number, width: number): Promise<Float32Array> {
  return weights.block(name, { start: 0, end: out }, { start: 0, end: width });
}

serve(createCutsProgram);
