/** The rank program that times operations by the bytes that they have to move. */

import { LabError } from '../../../base/errors.ts';
import { Recorder } from '../../../base/trace.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import type { Device, PreparedRun } from '../../../device/device.ts';
import { scope } from '../../../device/scope.ts';
import { type RankContext, serve } from '../../../host/serve.ts';
import { bytesOf } from '../../../numerics/dtype.ts';
import { hash32, uniform } from '../../../numerics/random.ts';
import { median } from '../../../numerics/statistics.ts';
import type { TrafficProgram } from '../../../protocol/traffic.ts';
import { covered } from '../bench/times.ts';
import { type TrafficCase, trafficCases } from './cases.ts';

/** Runs of one turn last so long at least: below, it is a wait or a rounded clock that is measured. */
const TURN_MS = 20;
const MOST_RUNS = 512;
const TURNS = 7;
/** Of the largest element: as the layers of the benchmark. */
const TOLERANCE = 1e-5;

function createTrafficProgram({ device, recorder }: RankContext): TrafficProgram {
  const taken = () => recorder.take().spans;

  /** Milliseconds of so many runs: by the GPU's clock, where it has one. */
  async function timeOf(run: PreparedRun, runs: number): Promise<number> {
    taken();
    for (let i = 0; i < runs; i++) run();
    await device.sync();
    const spans = taken();
    const byGpu = spans.reduce((sum, { gpuMs = Number.NaN }) => sum + gpuMs, 0);
    return Number.isNaN(byGpu) ? covered(spans) : byGpu;
  }

  return {
    open: () => ({ adapter: device.info.label, cases: Object.keys(trafficCases) }),

    async measure(name, rows) {
      const found = Object.entries(trafficCases).find(([known]) => known === name);
      if (found === undefined) throw new LabError('input', `There is no case “${name}”.`);
      const one: TrafficCase = found[1](rows);
      return scope(device, async (own) => {
        const call = one.call(
          ...operandsOf(one).map((data, i) => own(device.tensor(data, one.shapes[i] ?? []))),
        );
        const result = own(call.make(device)); // compiles
        const run = device.prepare(result, call.op, call.args);
        await device.sync();
        await timeOf(run, 1);
        run();
        await device.sync();
        const [span] = taken().filter(({ kind }) => kind === 'op');
        let runs = 1;
        while (runs < MOST_RUNS && (await timeOf(run, runs)) < TURN_MS) runs *= 2;
        const times: number[] = [];
        for (let turn = 0; turn < TURNS; turn++) times.push((await timeOf(run, runs)) / runs);
        const error = await errorOf(one, await device.read(result));
        return {
          name,
          variant: span?.kind === 'op' ? (span.variant ?? '') : '',
          shapes: `${one.shapes.map((shape) => shape.join('×')).join(', ')} → ${result.shape.join('×')}`,
          bytes: one.shapes.reduce((sum, shape) => sum + bytesOfShape(shape), bytesOfShape(result.shape)),
          flops: span?.kind === 'op' ? (span.flops ?? 0) : 0,
          ms: median(times),
          error,
          ok: error <= TOLERANCE,
        };
      });
    },
  };
}

/** Multiples of 1/64, so that what is chosen among them is not a matter of the last bit. */
function operandsOf({ shapes }: TrafficCase): Float32Array[] {
  return shapes.map((shape, i) => {
    const data = new Float32Array(bytesOfShape(shape) / 4);
    const seed = hash32(1, i);
    for (let at = 0; at < data.length; at++) data[at] = Math.round(64 * uniform(seed, at)) / 64;
    return data;
  });
}

/** The largest difference from the CPU device's result, relative to its largest element; NaN where there is one. */
async function errorOf(one: TrafficCase, result: Float32Array): Promise<number> {
  const cpu: Device = createCpuDevice({ recorder: new Recorder(0, { trace: 'off' }) });
  const tensors = operandsOf(one).map((data, i) => cpu.tensor(data, one.shapes[i] ?? []));
  const expected = await cpu.read(one.call(...tensors).make(cpu));
  cpu.close();
  let [worst, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs((result[i] ?? Number.NaN) - value);
    if (Number.isNaN(difference)) return Number.NaN;
    worst = Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(value));
  }
  return worst / largest;
}

function bytesOfShape(shape: readonly number[]): number {
  return bytesOf(
    shape.reduce((product, size) => product * size, 1),
    'f32',
  );
}

serve(createTrafficProgram);
