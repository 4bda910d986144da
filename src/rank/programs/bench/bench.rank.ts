/** The rank program of the benchmark: prepares a case, runs it as often as the page asks, and checks its result. */

import { LabError } from '../../../base/errors.ts';
import { now } from '../../../base/trace.ts';
import { isModelOp } from '../../../bench/cases.ts';
import type { BenchCase, LayerOp } from '../../../bench/record.ts';
import { isCollective } from '../../../collectives/kinds.ts';
import type { Device } from '../../../device/device.ts';
import { createWebGpuDevice, linearVariants } from '../../../device/webgpu/create.ts';
import { type RankContext, serve } from '../../../host/serve.ts';
import { type ParallelContext, parallelContext } from '../../../parallel/context.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import type { BenchBatch, BenchCheck, BenchProgram, BenchTask } from '../../../protocol/bench.ts';
import { RankModel } from '../model/RankModel.ts';
import { measuredCollective } from './collective.ts';
import { measuredGemm } from './gemmCase.ts';
import { measuredLayer } from './layerCase.ts';
import type { Measured } from './measured.ts';
import { type Loaded, loadSome, measuredModel } from './modelCase.ts';
import { onDevice, throughHost } from './placements.ts';
import { timesOf } from './times.ts';

function createBenchProgram(context: RankContext): BenchProgram {
  const { comm, recorder } = context;
  /** One, or with one device all ranks of the case. */
  let parts: readonly Measured[] = [];
  let { device } = context;
  /** A part each, where the cases are of a model. */
  let models: readonly Loaded[] = [];

  const together = async <T>(what: (part: Measured) => Promise<T>): Promise<T[]> => {
    const results = await Promise.all(parts.map(what));
    await device.sync();
    return results;
  };
  const free = (): void => {
    for (const part of parts) part.free();
    if (device !== context.device) device.close();
    parts = [];
    device = context.device;
  };

  return {
    /** A group is of one model: the first call begins, and the others go on. */
    async load(one, task) {
      if (models.length === 0) {
        const places = placesOf(context, device, one);
        models = places.map((place) => ({ model: new RankModel(place.context, task), task }));
      }
      const done = await Promise.all(models.map(({ model }) => loadSome(model)));
      return done.every(Boolean);
    },

    async prepare({ case: one, seed }: BenchTask) {
      free();
      device = await deviceOf(context, one);
      const places = placesOf(context, device, one);
      parts = await Promise.all(places.map((place, at) => measured(place, one, seed, models[at])));
      await together((part) => part.run());
      recorder.take();
      return {
        flops: parts.reduce((sum, part) => sum + part.flops, 0),
        atOnce: Math.min(...parts.map(({ pace }) => pace.atOnce)),
        iterationMs: Math.max(...parts.map(({ pace }) => pace.iterationMs)),
      };
    },

    async iterate(count, runs): Promise<BenchBatch> {
      const elapsedMs: number[] = [];
      const sums = { computeMs: 0, commMs: 0, waitMs: 0 };
      for (let i = 0; i < count; i++) {
        await comm.barrier();
        recorder.take();
        const startMs = now();
        await together(async (part) => {
          for (let run = 0; run < runs; run++) await part.run();
        });
        elapsedMs.push((now() - startMs) / runs);
        const times = timesOf(recorder.take().spans, parts.length > 1);
        sums.computeMs += times.computeMs / runs;
        sums.commMs += times.commMs / runs;
        sums.waitMs += times.waitMs / runs;
      }
      return { elapsedMs, ...sums };
    },

    async check(): Promise<BenchCheck> {
      const checks = await together((part) => part.check());
      const product = recorder.take().spans.find((span) => span.kind === 'op' && span.op === 'linear');
      return {
        variant: product?.kind === 'op' ? (product.variant ?? '') : '',
        wrong: checks.reduce((sum, { wrong }) => sum + wrong, 0),
        maxAbsError: Math.max(...checks.map(({ maxAbsError }) => maxAbsError)),
        ...(checks[0]?.rounding && { rounding: checks[0].rounding }), // a product has one part
      };
    },

    async release() {
      free();
    },
  };
}

interface Place {
  readonly context: ParallelContext;
  readonly buffers: Parameters<typeof measuredCollective>[2];
}

/** @param loaded its model, where the case is a pass of one */
function measured(
  { context, buffers }: Place,
  one: BenchCase,
  seed: number,
  loaded: Loaded | undefined,
): Promise<Measured> | Measured {
  if (isModelOp(one.op)) {
    if (loaded === undefined) throw new LabError('input', 'There is no model yet. Call load() first.');
    return measuredModel(context, loaded, one, seed);
  }
  if (one.op === 'gemm') return measuredGemm(context.device, one, seed);
  const { op } = one;
  if (isCollective(op)) return measuredCollective(context, { ...one, op }, buffers);
  return measuredLayer(context, one as BenchCase & { op: LayerOp }, seed);
}

/** This rank's place in its group, or the places of all ranks that share this rank's device. */
function placesOf({ comm }: RankContext, device: Device, one: BenchCase): Place[] {
  if (one.placement !== 'one-device') {
    const buffers: Place['buffers'] = (...given) => throughHost(comm, device, ...given);
    return [{ context: parallelContext(comm, device), buffers }];
  }
  return new OneDeviceGroup(device, one.worldSize).members.map((member) => ({
    context: member.context,
    buffers: (...given) => onDevice(member, ...given),
  }));
}

/** A kernel that is asked for needs a device that was opened with it. */
async function deviceOf(
  { device, recorder, rank }: RankContext,
  { op, variant }: BenchCase,
): Promise<Device> {
  if (op !== 'gemm' || variant === '') return device;
  if (device.info.kind !== 'webgpu') {
    throw new LabError(
      'input',
      `The kernel “${variant}” is for WebGPU; this device is ${device.info.label}.`,
    );
  }
  const linear = linearVariants.find(({ id }) => id === variant)?.id;
  if (linear === undefined) {
    const known = linearVariants.map(({ id }) => id).join(', ');
    throw new LabError('input', `There is no kernel “${variant}”; there are ${known}.`);
  }
  return createWebGpuDevice({ recorder, label: `rank ${rank}, ${variant}`, variants: { linear } });
}

serve(createBenchProgram);
