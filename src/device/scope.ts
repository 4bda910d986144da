/** Tensors that last as long as a piece of work: nobody frees them by hand, and none is left where something throws. */

import type { Device, Tensor } from './device.ts';

/** Takes a tensor over, to be freed with the scope, and hands it back. */
export type Own = (tensor: Tensor) => Tensor;

/**
 * Runs `work`. When it is done, frees the tensors that it gave to `own`, but for those that it returns, be it one or an
 * array of them; where it throws, frees them all.
 */
export function scope<T>(device: Pick<Device, 'free'>, work: (own: Own) => T): T {
  const owned: Tensor[] = [];
  const leave = <R>(result: R): R => {
    const kept = new Set<unknown>(Array.isArray(result) ? result : [result]);
    device.free(...owned.filter((tensor) => !kept.has(tensor)));
    return result;
  };
  const fail = (thrown: unknown): never => {
    device.free(...owned);
    throw thrown;
  };
  let result: T;
  try {
    result = work((tensor) => {
      owned.push(tensor);
      return tensor;
    });
  } catch (thrown) {
    return fail(thrown);
  }
  return result instanceof Promise ? (result.then(leave, fail) as T) : leave(result);
}
