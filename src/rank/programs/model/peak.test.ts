/** What a rank has in memory while it loads, beside what it has loaded: weights arrive in pieces, and few lie twice. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Recorder } from '../../../base/trace.ts';
import { readCheckpoint } from '../../../checkpoint/checkpoint.ts';
import { openSource } from '../../../checkpoint/openSource.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import type { Device } from '../../../device/device.ts';
import { parseHfConfig } from '../../../models/hfConfig.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import { modelProgram } from '../../../program/model.ts';
import type { ModelConfig } from '../../../program/modelConfig.ts';
import { RankModel } from './RankModel.ts';

const MIB = 2 ** 20;
const positions = 16;

setFlagsFromString('--expose_gc');
const gc: () => void = runInNewContext('gc');

/** Twice: the first leaves buffers to a thread, which the second waits for. */
function collectGarbage(): void {
  gc();
  gc();
}

/** A vocabulary of 64 MiB in float32, twice, and little else. */
const model = parseHfConfig(
  JSON.stringify({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: 512,
    intermediate_size: 1024,
    num_hidden_layers: 2,
    num_attention_heads: 8,
    num_key_value_heads: 8,
    vocab_size: 32_768,
    max_position_embeddings: positions,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    hidden_act: 'silu',
  }),
  'wide',
);

/** Its checkpoint, of zeros in float16. */
function checkpointOf(config: ModelConfig): Blob {
  const header: Record<string, object> = {};
  let end = 0;
  for (const stored of modelProgram(config, 1, { tokens: 1, positions }).storage) {
    if (stored.kind !== 'weight') continue;
    for (const { name, rows, cols } of stored.parts(0)) {
      const shape = cols === null ? [rows.end] : [rows.end, cols.end];
      const start = end;
      end += 2 * rows.end * (cols?.end ?? 1);
      header[name] = { dtype: 'F16', shape, data_offsets: [start, end] };
    }
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return new Blob([length, text, new Uint8Array(end)]);
}

/** Tells of each tensor that goes to the device, just before it does. */
function watched(device: Device, onTensor: (bytes: number) => void): Device {
  return new Proxy(device, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => {
        if (name === 'tensor') onTensor(4 * (args[1] as number[]).reduce((count, size) => count * size, 1));
        return Reflect.apply(member, target, args);
      };
    },
  });
}

it('takes no more than a quarter of its shard and 64 MiB beside it', async () => {
  const source = { kind: 'files', files: { 'model.safetensors': checkpointOf(model) } } as const;
  const checkpoint = await readCheckpoint(openSource(source));
  let [before, onDevice, peak] = [0, 0, 0];
  const device = watched(createCpuDevice({ recorder: new Recorder(0) }), (bytes) => {
    onDevice += bytes;
    if (bytes < MIB) return;
    collectGarbage();
    peak = Math.max(peak, onDevice + process.memoryUsage().arrayBuffers - before);
  });
  const [member] = new OneDeviceGroup(device, 1).members;
  if (member === undefined) throw new Error('there is no rank');
  const rank = new RankModel(member.context, { model, positions, source, checkpoint, algorithm: 'auto' });
  collectGarbage();
  before = process.memoryUsage().arrayBuffers;
  let loading = await rank.load();
  while (!loading.done) loading = await rank.load();
  const shard = loading.weightBytes + loading.kvBytes;
  rank.free();
  expect(peak / MIB).toBeGreaterThan(shard / MIB); // the last weight is in memory when it goes to the device
  expect(peak / MIB).toBeLessThanOrEqual((1.25 * shard) / MIB + 64);
});
