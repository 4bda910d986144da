/** Tables that several layers need, such as the angles of RoPE: a device holds each of them once. */

import { invariant } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';

interface Held {
  readonly tensor: Tensor;
  /** Layers that took it. */
  takers: number;
}

const tables = new WeakMap<Device, Map<string, Held>>();

/** The table of that key, made where the device has none. Whoever takes it gives it back, once. */
export function takeTable(device: Device, key: string, make: () => Tensor): Tensor {
  const ofDevice = tables.get(device) ?? new Map<string, Held>();
  tables.set(device, ofDevice);
  const held = ofDevice.get(key) ?? { tensor: make(), takers: 0 };
  held.takers += 1;
  ofDevice.set(key, held);
  return held.tensor;
}

/** The last to give it back frees it. */
export function giveBackTable(device: Device, key: string): void {
  const held = tables.get(device)?.get(key);
  invariant(held !== undefined, () => `the device has no table ${key}`);
  held.takers -= 1;
  if (held.takers > 0) return;
  tables.get(device)?.delete(key);
  device.free(held.tensor);
}
