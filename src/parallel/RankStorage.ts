/** What a rank keeps of a program from pass to pass, on its device: weights, tables, and the rows of earlier tokens. */

import { LabError } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';
import { quantised } from '../numerics/blocks.ts';
import { bytesOf } from '../numerics/dtype.ts';
import { type Floats, isPacked, zerosLike } from '../numerics/packed.ts';
import { floatsOf, type TensorData, typeOf } from '../numerics/tensorData.ts';
import {
  commonType,
  multiplied,
  type ProductWeights,
  packable,
  type WeightRounding,
} from '../program/packing.ts';
import type { Arrangement, Program, Stored, Value } from '../program/program.ts';
import { giveBackTable, takeTable } from './tables.ts';
import type { Weights } from './weights.ts';

const EXACT: WeightRounding = { squares: 0, errorSquares: 0 };

export class RankStorage {
  readonly #device: Device;
  readonly #rank: number;
  readonly #products: ProductWeights;
  #rounding = EXACT;
  /** One tensor, or of a weight of experts one for each of the rank's. */
  readonly #tensors = new Map<string, readonly Tensor[]>();
  /** Of these, the tables that other layers may have too: their keys, by id. */
  readonly #shared = new Map<string, string>();

  /** @param products how it holds the weights that products alone read */
  constructor(device: Device, rank: number, products: ProductWeights = 'stored') {
    this.#device = device;
    this.#rank = rank;
    this.#products = products;
  }

  /** Of the weights in blocks that were loaded so far. */
  get rounding(): WeightRounding {
    return this.#rounding;
  }

  /**
   * Fetches the rank's parts, and them alone, in place of what was there before.
   * @throws LabError `input` where a weight is missing or too small; nothing is kept then
   */
  async load(program: Program, weights: Weights): Promise<void> {
    this.free();
    try {
      await this.loadRest(program, weights);
    } catch (thrown) {
      this.free();
      throw thrown;
    }
  }

  /**
   * Fetches what is not there yet. Where a part fails, those before it are kept.
   * @param goOn is asked before each part
   * @returns whether all is there
   */
  async loadRest(program: Program, weights: Weights, goOn: () => boolean = () => true): Promise<boolean> {
    const narrow = this.#device.info.keepsPacked === true ? packable(program) : NONE;
    const products = this.#products === 'stored' ? NONE : multiplied(program);
    for (const stored of program.storage) {
      const own = narrow.has(stored.value) && weights.stored !== undefined ? weights.stored : weights.block;
      const read: Read = { part: own.bind(weights), isRounded: products.has(stored.value) };
      if (stored.kind === 'weight' && stored.perExpert) {
        if (!(await this.#loadExperts(stored, read, goOn))) return false;
        continue;
      }
      if (this.#tensors.has(stored.value.id)) continue;
      if (!goOn()) return false;
      await this.#load(stored, read);
    }
    return true;
  }

  /** Takes a rank's part as it is. */
  put({ id, shapes }: Value, data: TensorData): void {
    this.#set(id, [this.#device.tensor(data, shapes[this.#rank] ?? [])]);
  }

  /**
   * @param expert counted from the rank's first, in a weight of experts
   * @throws LabError `input` where load() was not called
   */
  get({ id }: Value, expert = 0): Tensor {
    const tensor = this.#tensors.get(id)?.[expert];
    if (tensor === undefined) throw new LabError('input', `The layer has no ${id} yet. Call load() first.`);
    return tensor;
  }

  /** What there is of a value; empty before load(). */
  held({ id }: Value): readonly Tensor[] {
    return this.#tensors.get(id) ?? [];
  }

  /** Bytes on the device, as they are there. */
  bytesOf(storage: readonly Stored[]): number {
    const tensors = storage.flatMap(({ value }) => this.held(value));
    return tensors.reduce((sum, { length, dtype }) => sum + bytesOf(length, dtype), 0);
  }

  free(): void {
    for (const id of this.#tensors.keys()) this.#freeOne(id);
    this.#tensors.clear();
    this.#rounding = EXACT;
  }

  async #load(stored: Stored, read: Read): Promise<void> {
    const { value } = stored;
    const shape = value.shapes[this.#rank] ?? [];
    if (stored.kind === 'cache') return this.#set(value.id, [this.#device.zeros(shape)]);
    if (stored.kind === 'table') return this.#loadTable(stored);
    const parts: Floats[] = [];
    for (const { name, rows, cols } of stored.parts(this.#rank))
      parts.push(await read.part(name, rows, cols));
    const whole = arranged(stored.arrange, joined(parts), this.#rank);
    this.put(value, read.isRounded ? this.#rounded(whole, shape) : whole);
  }

  /** One expert after another: of many, those that are there are kept as whole weights are. @returns whether all are */
  async #loadExperts(
    { value, parts }: Stored & { kind: 'weight' },
    read: Read,
    goOn: () => boolean,
  ): Promise<boolean> {
    const experts = [...this.held(value)];
    this.#tensors.set(value.id, experts);
    for (const { name, rows, cols } of parts(this.#rank).slice(experts.length)) {
      if (!goOn()) return false;
      const shape = value.shapes[this.#rank] ?? [];
      const own = await read.part(name, rows, cols);
      experts.push(this.#device.tensor(read.isRounded ? this.#rounded(own, shape) : own, shape));
    }
    return true;
  }

  /** In blocks. @throws LabError `input` where these would be cut */
  #rounded(data: Floats, shape: readonly number[]): TensorData {
    if (this.#products === 'stored') return data;
    const values = floatsOf(data);
    const blocks = quantised(values, this.#products, shape.at(-1) ?? 0);
    let { squares, errorSquares } = this.#rounding;
    const read = floatsOf(blocks);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      squares += value ** 2;
      errorSquares += ((read[i] as number) - value) ** 2;
    }
    this.#rounding = { squares, errorSquares };
    return blocks;
  }

  #loadTable({ value, compute, key }: Stored & { kind: 'table' }): void {
    const make = (): Tensor => this.#device.tensor(compute(this.#rank), value.shapes[this.#rank] ?? []);
    this.#set(value.id, [key === null ? make() : takeTable(this.#device, key, make)]);
    if (key !== null) this.#shared.set(value.id, key);
  }

  #set(id: string, tensors: readonly Tensor[]): void {
    this.#freeOne(id);
    this.#tensors.set(id, tensors);
  }

  #freeOne(id: string): void {
    const key = this.#shared.get(id);
    this.#shared.delete(id);
    if (key === undefined) this.#device.free(...(this.#tensors.get(id) ?? []));
    else giveBackTable(this.#device, key);
  }
}

interface Read {
  /** A part of a weight, as the device will hold it if it is not rounded. */
  readonly part: Weights['block'] | NonNullable<Weights['stored']>;
  readonly isRounded: boolean;
}

const NONE: ReadonlySet<Value> = new Set();

/** One below the other; in float32 where they are not all stored alike. */
function joined(parts: readonly Floats[]): Floats {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const dtype = commonType(parts.map((part) => typeOf(part)));
  if (dtype === 'f32') return concatenated(parts.map(floatsOf), new Float32Array());
  const bits = parts.flatMap((part) => (isPacked(part) ? [part.bits] : []));
  return { dtype, bits: concatenated(bits, new Uint16Array()) };
}

function concatenated<T extends Float32Array | Uint16Array>(parts: readonly T[], like: T): T {
  const whole = zerosLike(
    like,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function arranged(arrange: Arrangement | null, floats: Floats, rank: number): Floats {
  if (arrange === null) return floats;
  return isPacked(floats)
    ? { ...floats, bits: arrange.apply(floats.bits, rank) }
    : arrange.apply(floats, rank);
}
