import { operations } from '../../operations/operations.ts';
import type { Device, Tensor } from '../device.ts';

/** A device that knows which of its tensors were not freed. @param before each that is made, may throw */
export function counted(inner: Device, alive: Set<Tensor>, before: () => void = () => {}): Device {
  const get = (target: Device, name: string | symbol): unknown => {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...args: unknown[]): unknown => {
      if (name in operations) before();
      const result: unknown = Reflect.apply(member, target, args);
      if (name === 'free') for (const tensor of args) alive.delete(tensor as Tensor);
      if (typeof result === 'object' && result !== null && 'shape' in result) alive.add(result as Tensor);
      return result;
    };
  };
  return new Proxy(inner, { get });
}
