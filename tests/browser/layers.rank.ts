/** A rank for the tests of the layers: runs any of them on given numbers, and tells what it did. */

import { Communicator } from '../../src/comm/communicator.ts';
import { allocateGroup } from '../../src/group/memory.ts';
import { consecutiveRanges, type Range } from '../../src/numerics/ranges.ts';
import { parallelContext } from '../../src/parallel/context.ts';
import { wholeWeights } from '../../src/parallel/weights.ts';
import { LabError, type RankContext, serve } from '../../src/rank/index.ts';
import { type LayerCase, type OpenLayer, openLayer } from './openLayer.ts';
import { trackDevice } from './trackedDevice.ts';

export interface PassResult {
  readonly y: Float32Array;
  /** The collectives, in order. */
  readonly calls: readonly { readonly kind: string; readonly length: number }[];
  readonly routing: readonly number[] | null;
}

export interface LayerResult {
  readonly passes: readonly PassResult[];
  /** Tensors that the passes left on the device, and that were still there after free(). */
  readonly afterPasses: number;
  readonly afterFree: number;
}

export interface RefusalResult {
  /** Of the LabError `input`; empty where there was none. */
  readonly message: string;
  readonly cached: number;
  readonly afterFree: number;
}

export interface LayersProgram {
  run(testCase: LayerCase): Promise<LayerResult>;
  /** The outputs of a layer, of a second run of it, and of a third after another load(). */
  repeat(testCase: LayerCase): Promise<readonly Float32Array[][]>;
  /** The same layer on this rank by itself: a group of one. */
  alone(testCase: LayerCase): Promise<Float32Array[]>;
  /** How load(), if it is called, or one of the passes refuses the case. */
  refused(testCase: LayerCase, loads: boolean): Promise<RefusalResult>;
}

serve((context: RankContext): LayersProgram => {
  const { device, live } = trackDevice(context.device);
  const { comm, recorder } = context;
  const parallel = parallelContext(comm, device);

  function open(testCase: LayerCase, on = parallel): OpenLayer {
    const tokens = testCase.passes.reduce((sum, count) => sum + count, 0);
    return openLayer(on, testCase, testCase.positions ?? tokens);
  }

  async function load(layer: OpenLayer, { weights }: LayerCase): Promise<void> {
    await layer.load(wholeWeights(weights));
  }

  async function pass(layer: OpenLayer, tokens: Range): Promise<PassResult> {
    recorder.take();
    const output = await layer.forward(tokens);
    const y = await device.read(output);
    device.free(output);
    const calls = recorder
      .take()
      .spans.filter((span) => span.kind === 'collective')
      .map(({ collective, length }) => ({ kind: collective, length }));
    return { y, calls, routing: layer.routing() };
  }

  /** All passes of the case, on an empty cache. */
  async function passes(layer: OpenLayer, testCase: LayerCase): Promise<PassResult[]> {
    layer.cache?.truncate(0);
    const results: PassResult[] = [];
    for (const tokens of consecutiveRanges(testCase.passes)) results.push(await pass(layer, tokens));
    return results;
  }

  async function outputs(layer: OpenLayer, testCase: LayerCase): Promise<Float32Array[]> {
    return (await passes(layer, testCase)).map(({ y }) => y);
  }

  return {
    async run(testCase) {
      const before = live();
      const layer = open(testCase);
      await load(layer, testCase);
      const loaded = live();
      const results = await passes(layer, testCase);
      const afterPasses = live() - loaded;
      layer.free();
      return { passes: results, afterPasses, afterFree: live() - before };
    },

    async repeat(testCase) {
      const layer = open(testCase);
      await load(layer, testCase);
      const first = await outputs(layer, testCase);
      const again = await outputs(layer, testCase);
      await load(layer, testCase);
      const reloaded = await outputs(layer, testCase);
      layer.free();
      return [first, again, reloaded];
    },

    async alone(testCase) {
      const layer = open(testCase, parallelContext(new Communicator(allocateGroup(1), { rank: 0 }), device));
      await load(layer, testCase);
      const alone = await outputs(layer, testCase);
      layer.free();
      return alone;
    },

    async refused(testCase, loads) {
      const before = live();
      const layer = open(testCase);
      let message = '';
      try {
        if (loads) await load(layer, testCase);
        await passes(layer, testCase);
      } catch (thrown) {
        if (!(thrown instanceof LabError) || thrown.code !== 'input') throw thrown;
        message = thrown.message;
      }
      const cached = layer.cache?.length ?? 0;
      layer.free();
      return { message, cached, afterFree: live() - before };
    },
  };
});
