/** ONNX Runtime Web: a session of one MatMul, whose w it knows beforehand. */

import type { InferenceSession, OrtModule, Tensor } from 'onnxruntime-web/wasm';
import { matMulModel } from './onnx.ts';
import type { Backend, Library } from './peer.ts';

export async function open(on: Backend): Promise<Library> {
  const module: unknown =
    on === 'wasm' ? await import('onnxruntime-web/wasm') : await import('onnxruntime-web/webgpu');
  const ort = module as OrtModule;
  ort.env.wasm.numThreads = 1;
  let loaded: { readonly session: InferenceSession; readonly x: Tensor; readonly free: () => void } | null =
    null;

  const product = async (): Promise<Tensor> => {
    if (loaded === null) throw new Error('There is no session yet.');
    const { y } = await loaded.session.run({ x: loaded.x });
    if (y === undefined) throw new Error('The session gave no y.');
    return y;
  };
  return {
    async load(xValues, w, sizes) {
      const session = await ort.InferenceSession.create(matMulModel(w, sizes), {
        executionProviders: [on],
        ...(on === 'webgpu' && { preferredOutputLocation: 'gpu-buffer' }),
      });
      const dims = [sizes.m, sizes.k];
      if (on === 'wasm') {
        loaded = { session, x: new ort.Tensor('float32', xValues, dims), free: () => {} };
        return;
      }
      const device = await ort.env.webgpu.device;
      const buffer = device.createBuffer({
        size: xValues.byteLength,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
      });
      device.queue.writeBuffer(buffer, 0, xValues as Float32Array<ArrayBuffer>);
      const x = ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
      loaded = { session, x, free: () => buffer.destroy() };
    },
    async run(times) {
      for (let i = 0; i < times; i++) (await product()).dispose();
      if (on === 'webgpu') await (await ort.env.webgpu.device).queue.onSubmittedWorkDone();
    },
    async result() {
      const y = await product();
      const values = (await y.getData()).slice();
      y.dispose();
      return values;
    },
    async release() {
      await loaded?.session.release();
      loaded?.free();
      loaded = null;
    },
  };
}
