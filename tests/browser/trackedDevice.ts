import type { Device, Tensor } from '../../src/device/device.ts';

/** A device that knows which of its tensors were not freed. */
export interface TrackedDevice {
  readonly device: Device;
  /** How many there are. */
  live(): number;
}

export function trackDevice(inner: Device): TrackedDevice {
  const alive = new Set<unknown>();
  const get = (target: Device, name: string | symbol): unknown => {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...args: unknown[]): unknown => {
      const result: unknown = Reflect.apply(member, target, args);
      if (name === 'free') for (const tensor of args) alive.delete(tensor);
      if (isTensor(result)) alive.add(result);
      return result;
    };
  };
  return { device: new Proxy(inner, { get }), live: () => alive.size };
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'shape' in value && 'length' in value;
}
