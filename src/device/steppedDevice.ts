/**
 * A device that does one thing at a time and remembers it. While stepping, operations are put down as they are called and
 * run at the next wait (read, stage, sync), each waited for before the next: so every operation has a time of its own,
 * and every tensor is kept to be looked at. Layers do not know. Without stepping it passes everything on.
 */

import { invariant, LabError } from '../base/errors.ts';
import type { Recorder, Span } from '../base/trace.ts';
import type { Device, DeviceInfo, OperationName, Operations, Tensor } from './device.ts';
import { type Operation, operations } from './operations.ts';
import { checkTensor, describeShape, lengthOfShape } from './shapes.ts';

/** One thing that was done. Results without elements are no work, and nothing is put down for them. */
export interface DeviceEvent {
  /** `collective` is what lies between stage() and the tensor that then got its values. */
  readonly name: OperationName | 'upload' | 'zeros' | 'collective';
  readonly flops: number;
  /** The tensors it was given, in the order of the operation's arguments. */
  readonly inputs: readonly Tensor[];
  /** The tensor it made or changed. */
  readonly result: Tensor;
  /** What the trace says of it; empty where nothing was seen to take time. */
  readonly spans: readonly Span[];
  /** Position of the first of them among the recorder's. */
  readonly mark: number;
  /** What went into a collective. */
  readonly before: Float32Array | null;
}

export interface SteppedDevice extends Device {
  /** From now on, one thing at a time. */
  begin(): void;
  /** Ends stepping and tells what was done. Its tensors can be read until `release`, whatever the layer freed. */
  end(): Promise<readonly DeviceEvent[]>;
  /** Frees what the layer freed while stepping. */
  release(): void;
  /** Bytes of the tensors that were made since it was last asked, by how they were. */
  count(): { uploadedBytes: number; zeroedBytes: number };
}

/** @param recorder where `device` writes its spans */
export function steppedDevice(device: Device, recorder: Recorder): SteppedDevice {
  const stepper = new Stepper(device, recorder);
  const entries = (Object.keys(operations) as OperationName[]).map((name) => [
    name,
    (...args: unknown[]) => stepper.perform(name, args),
  ]);
  return Object.assign(stepper, Object.fromEntries(entries) as Operations);
}

/** The handle that layers hold. The real tensor is there once the operation has run. */
class SteppedTensor implements Tensor {
  readonly shape: readonly number[];
  readonly length: number;
  #real: Tensor | null;

  constructor(shape: readonly number[], real: Tensor | null) {
    this.shape = shape;
    this.length = lengthOfShape(shape);
    this.#real = real;
  }

  get real(): Tensor {
    invariant(this.#real !== null, () => `a ${describeShape(this.shape)} tensor is used before it is made`);
    return this.#real;
  }

  set real(tensor: Tensor) {
    this.#real = tensor;
  }
}

interface Pending {
  readonly name: DeviceEvent['name'];
  readonly flops: number;
  readonly inputs: readonly SteppedTensor[];
  readonly result: SteppedTensor;
  readonly run: () => void;
  readonly before: Float32Array | null;
  /** Where its spans begin, if it has begun. */
  readonly mark: number | null;
}

class Stepper implements Omit<Device, OperationName> {
  readonly info: DeviceInfo;
  readonly #device: Device;
  readonly #recorder: Recorder;
  #stepping = false;
  #pending: Pending[] = [];
  #events: DeviceEvent[] = [];
  /** By the layer, while stepping. */
  #freed: SteppedTensor[] = [];
  /** Elements, since they were last counted. */
  #uploaded = 0;
  #zeroed = 0;
  /** The collective under way. */
  #staged: { readonly before: Float32Array; readonly mark: number } | null = null;

  constructor(device: Device, recorder: Recorder) {
    this.info = device.info;
    this.#device = device;
    this.#recorder = recorder;
  }

  begin(): void {
    invariant(!this.#stepping, () => 'begin() while stepping');
    this.#stepping = true;
    this.#events = [];
  }

  async end(): Promise<readonly DeviceEvent[]> {
    await this.#flush();
    this.#stepping = false;
    return this.#events;
  }

  release(): void {
    const freed = this.#freed;
    this.#freed = [];
    this.#events = [];
    for (const tensor of freed) this.#device.free(tensor.real);
  }

  count(): { uploadedBytes: number; zeroedBytes: number } {
    const counted = { uploadedBytes: 4 * this.#uploaded, zeroedBytes: 4 * this.#zeroed };
    this.#uploaded = 0;
    this.#zeroed = 0;
    return counted;
  }

  perform(name: OperationName, args: readonly unknown[]): Tensor | undefined {
    const describe = operations[name] as (...args: readonly unknown[]) => Operation;
    const { shape, flops } = describe(...args);
    const [target, source] = args;
    const result = shape === null ? own(target as Tensor) : new SteppedTensor(shape, null);
    const run = (): void => {
      const real = args.map((arg) => (arg instanceof SteppedTensor ? arg.real : arg));
      const made = Reflect.apply(this.#device[name], this.#device, real) as Tensor | undefined;
      if (made !== undefined) result.real = made;
    };
    const work = shape === null ? (source as Tensor).length : result.length;
    const inputs = args.filter((arg) => arg instanceof SteppedTensor);
    this.#put({ name, flops, inputs, result, run }, work > 0);
    return shape === null ? undefined : result;
  }

  tensor(data: Float32Array, shape: readonly number[]): Tensor {
    checkTensor(data.length, shape);
    this.#uploaded += data.length;
    const result = new SteppedTensor(shape, null);
    const copy = this.#stepping ? data.slice() : data; // the caller may change it before it is uploaded
    const run = (): void => {
      result.real = this.#device.tensor(copy, shape);
    };
    const name = this.#staged === null ? 'upload' : 'collective';
    this.#put({ name, flops: 0, inputs: [], result, run }, data.length > 0 || name === 'collective');
    return result;
  }

  zeros(shape: readonly number[]): Tensor {
    const result = new SteppedTensor(shape, null);
    this.#zeroed += result.length;
    const run = (): void => {
      result.real = this.#device.zeros(shape);
    };
    this.#put({ name: 'zeros', flops: 0, inputs: [], result, run }, result.length > 0);
    return result;
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    await this.#flush();
    return this.#device.read(own(tensor).real);
  }

  free(...tensors: Tensor[]): void {
    const stepped = tensors.map(own);
    if (this.#stepping) this.#freed.push(...stepped);
    else this.#device.free(...stepped.map((tensor) => tensor.real));
  }

  async stage(tensor: Tensor, allocate: (length: number) => Float32Array): Promise<Float32Array> {
    await this.#flush();
    const mark = this.#recorder.length;
    const host = await this.#device.stage(own(tensor).real, allocate);
    if (this.#stepping) this.#staged = { before: host.slice(), mark };
    return host;
  }

  unstage(tensor: Tensor, host: Float32Array): void {
    const result = own(tensor);
    this.#device.unstage(result.real, host);
    if (!this.#stepping) return;
    this.#put({ name: 'collective', flops: 0, inputs: [], result, run: () => {} }, true);
  }

  async sync(): Promise<void> {
    await this.#flush();
    await this.#device.sync();
  }

  close(): void {
    this.#device.close();
  }

  /** Runs it now, or puts it down to be run, and logged where it is `work`. */
  #put(one: Pick<Pending, 'name' | 'flops' | 'inputs' | 'result' | 'run'>, work: boolean): void {
    if (!this.#stepping || !work) {
      // Without elements there is nothing to wait for; but what it is made of may still be pending.
      if (this.#pending.length === 0) one.run();
      else this.#pending.push({ ...one, before: null, mark: UNLOGGED });
      return;
    }
    const { before = null, mark = null } = this.#staged ?? {};
    this.#staged = null;
    this.#pending.push({ ...one, before, mark });
  }

  async #flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const { name, flops, inputs, result, run, before, mark } of pending) {
      const from = mark ?? this.#recorder.length;
      run();
      if (from === UNLOGGED) continue;
      await this.#device.sync();
      this.#events.push({
        name,
        flops,
        inputs,
        result,
        before,
        mark: from,
        spans: this.#recorder.since(from),
      });
    }
  }
}

/** In place of a mark: no work, and no event. */
const UNLOGGED = -1;

function own(tensor: Tensor): SteppedTensor {
  if (tensor instanceof SteppedTensor) return tensor;
  throw new LabError('input', `A ${describeShape(tensor.shape)} tensor is of another device.`);
}
