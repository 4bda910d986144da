/** A rank's thread, as far as its device goes: computes one product and blocks between its waits, as a ring does. */

import { messageOf } from '../../base/errors.ts';
import { Recorder, spanName } from '../../base/trace.ts';
import type { LinearShape } from '../../operations/operations.ts';
import { createWebGpuDevice } from '../webgpu/create.ts';
import { operands } from './oracle.ts';

export interface WorkerAnswer {
  readonly y: Float32Array | null;
  readonly error: string | null;
  readonly spans: readonly string[];
}

self.addEventListener('message', ({ data }: MessageEvent<LinearShape & { memory: WebAssembly.Memory }>) => {
  product(data).then(
    (answer) => self.postMessage(answer),
    (error: unknown) =>
      self.postMessage({ y: null, error: messageOf(error), spans: [] } satisfies WorkerAnswer),
  );
});

async function product({
  memory,
  ...shape
}: LinearShape & { memory: WebAssembly.Memory }): Promise<WorkerAnswer> {
  const { m, k, n } = shape;
  const recorder = new Recorder(0);
  const device = await createWebGpuDevice({ recorder, label: 'rank under test' });
  const given = operands(shape);
  const x = device.tensor(given.x, [m, k]);
  const w = device.tensor(given.w, [n, k]);
  const b = device.tensor(given.b, [n]);
  const y = device.linear(x, w, b);
  const host = await device.stage(y, (length) => new Float32Array(memory.buffer, 0, length));
  // Nothing may be pending now that needs this thread; a device that polls would be stuck from here on.
  Atomics.wait(new Int32Array(memory.buffer), memory.buffer.byteLength / 4 - 1, 0, 20);
  device.unstage(y, host);
  const result = await device.read(y);
  device.close();
  return { y: result, error: null, spans: recorder.take().spans.map(spanName) };
}
