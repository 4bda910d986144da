/** TensorFlow.js. */

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend, Library } from './peer.ts';

export async function open(on: Backend): Promise<Library> {
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // then it takes its module for one thread
  if (!(await tf.setBackend(on))) throw new Error(`TensorFlow.js has no backend ${on} here.`);
  await tf.ready();
  let operands: readonly [tf.Tensor, tf.Tensor] | null = null;
  const product = (): tf.Tensor => {
    if (operands === null) throw new Error('There are no operands yet.');
    return tf.matMul(...operands);
  };
  return {
    async load(x, w, { m, k, n }) {
      operands = [tf.tensor2d(x, [m, k]), tf.tensor2d(w, [k, n])];
    },
    async run(times) {
      for (let i = 1; i < times; i++) product().dispose();
      const last = product();
      if (on === 'webgpu') await lastOf(last); // its queue says that it is done before it is
      last.dispose();
    },
    async result() {
      const y = product();
      const values = await y.data();
      y.dispose();
      return values;
    },
    async release() {
      for (const tensor of operands ?? []) tensor.dispose();
      operands = null;
    },
  };
}

/** One number of a result, which is there when all before it is. */
async function lastOf(y: tf.Tensor): Promise<void> {
  const one = tf.slice(y, [0, 0], [1, 1]);
  await one.data();
  one.dispose();
}
