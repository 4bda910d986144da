/** jax-js. An operation takes its operands away; `ref` keeps one. */

import type { Array as JaxArray } from '@jax-js/jax';
import type { Backend, Library } from './peer.ts';

export async function open(on: Backend): Promise<Library> {
  // So many threads it computes on, and it asks as its module is loaded.
  if (on === 'wasm') Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 });
  const { blockUntilReady, defaultDevice, init, jit, numpy: np } = await import('@jax-js/jax');
  if (!(await init(on)).includes(on)) throw new Error(`jax-js has no device ${on} here.`);
  defaultDevice(on);
  const multiply = jit((x: JaxArray, w: JaxArray) => np.matmul(x, w));
  let operands: readonly [JaxArray, JaxArray] | null = null;
  const product = (): JaxArray => {
    if (operands === null) throw new Error('There are no operands yet.');
    const [x, w] = operands;
    return multiply(x.ref, w.ref);
  };
  return {
    async load(x, w, { m, k, n }) {
      operands = [np.array(x, { shape: [m, k] }), np.array(w, { shape: [k, n] })];
      await blockUntilReady([...operands]);
    },
    /** It computes when it is asked to, so all are asked for. */
    async run(times) {
      const products = Array.from({ length: times }, product);
      await blockUntilReady(products);
      for (const y of products) y.dispose();
    },
    result: async () => (await product().data()) as Float32Array,
    async release() {
      for (const array of operands ?? []) array.dispose();
      operands = null;
    },
  };
}
