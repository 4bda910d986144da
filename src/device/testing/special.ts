/** What PyTorch makes of special values, from tests/golden, and how a device's results are held against it. */

import { parseSafetensors } from '../../checkpoint/safetensors.ts';
import { inPlace } from '../../operations/operations.ts';
import type { Device, DeviceKind, OperationName, Tensor } from '../device.ts';

export interface SpecialCase {
  readonly name: string;
  readonly operation: OperationName;
  /** In order: tensors, and plain values. */
  readonly arguments: readonly unknown[];
  /** PyTorch's result in float32 where something overflows on the way, else that in float64, rounded at the end. */
  readonly y: Float32Array;
}

/** A tensor as the file has it. */
export interface Operand {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

interface Listed {
  readonly name: string;
  readonly operation: OperationName;
  readonly arguments: readonly unknown[];
}

const url = new URL('../../../tests/golden/special.safetensors', import.meta.url);

export async function specialCases(): Promise<SpecialCase[]> {
  const golden = parseSafetensors(await (await fetch(url)).arrayBuffer());
  const listed: Listed[] = JSON.parse(golden.metadata['cases'] ?? '[]');
  return listed.map((one, number) => {
    const read = (key: string): Float32Array => golden.float32(`${number}.${key}`);
    const operand = (name: string): Operand => {
      const shape = golden.tensors.get(`${number}.${name}`)?.shape ?? [];
      return { data: read(name), shape };
    };
    const given = one.arguments.map((value) =>
      typeof value === 'string' && value.startsWith('@') ? operand(value.slice(1)) : value,
    );
    const overflows = golden.tensors.has(`${number}.y32`);
    return { ...one, arguments: given, y: read(overflows ? 'y32' : 'y') };
  });
}

/** What `device` makes of it: the result, or the tensor that was changed. */
export async function resultOf(device: Device, of: SpecialCase): Promise<Float32Array> {
  const given = of.arguments.map((value) =>
    isOperand(value) ? device.tensor(value.data, value.shape) : value,
  );
  const made = Reflect.apply(device[of.operation], device, given) as Tensor | undefined;
  const changed: readonly OperationName[] = inPlace;
  const result = changed.includes(of.operation) ? (given[0] as Tensor) : made;
  if (result === undefined) throw new Error(`${of.operation} made nothing`);
  return device.read(result);
}

/** The same into what the operation made of zeros, and then once more into that. Null where it makes nothing. */
export async function resultAgain(device: Device, of: SpecialCase): Promise<Float32Array | null> {
  if ((inPlace as readonly OperationName[]).includes(of.operation)) return null;
  const given = (data: (operand: Operand) => Float32Array): unknown[] =>
    of.arguments.map((value) => (isOperand(value) ? device.tensor(data(value), value.shape) : value));
  const zeros = given(({ data }) => new Float32Array(data.length));
  const result = Reflect.apply(device[of.operation], device, zeros) as Tensor;
  const run = device.prepare(
    result,
    of.operation,
    given(({ data }) => data),
  );
  run();
  const first = await device.read(result);
  device.unstage(result, new Float32Array(result.length).fill(7));
  run();
  const second = await device.read(result);
  if (!first.every((value, i) => Object.is(value, second[i])))
    throw new Error(`${of.name}: other bits again`);
  return second;
}

export function isOperand(value: unknown): value is Operand {
  return typeof value === 'object' && value !== null && 'data' in value;
}

/** How near a result must be to PyTorch's: |error| ≤ relative · |expected| + absolute. */
interface Nearness {
  readonly relative: number;
  readonly absolute: number;
}

const same: Nearness = { relative: 0, absolute: 0 };
/** A few roundings and an exponential. */
const element: Nearness = { relative: 1e-5, absolute: 0 };
/** Of terms of unit scale that may cancel. */
const sum: Nearness = { relative: 1e-5, absolute: 1e-5 };

const nearness = {
  columns: same,
  concatPerHead: same,
  rows: same,
  writeRows: same,
  pick: same,
  rowMax: same,
  topK: sum,
  add: same,
  siluMul: element,
  gelu: element,
  addRows: sum,
  linear: sum,
  linearPerHead: sum,
  rmsNorm: sum,
  layerNorm: sum,
  softmax: sum,
  sumExp: sum,
  rope: sum,
  attention: sum,
  gate: sum,
} satisfies Readonly<Record<OperationName, Nearness>>;

/**
 * Nothing is computed, so that no device has an excuse: every bit has to be there, but for those that tell NaNs apart.
 * WGSL flushes, and loses signs of zero, in arithmetic only.
 */
const moves: ReadonlySet<OperationName> = new Set([
  'columns',
  'concatPerHead',
  'rows',
  'writeRows',
  'pick',
  'rowMax',
]);

/**
 * Where a result is not PyTorch's, in words; none where all is well.
 *
 * NaN must be NaN, an infinity that infinity, and what is finite near. Devices compute in float32, so what overflows does
 * so as in PyTorch's float32. Two things are WebGPU's alone, and in arithmetic only, for WGSL allows them there: a denormal
 * may count as 0, and 0 may have either sign (§15.7.2).
 */
export function differences(of: SpecialCase, y: Float32Array, kind: DeviceKind): string[] {
  if (y.length !== of.y.length) return [`${of.name}: ${y.length} elements for ${of.y.length}`];
  const lax = kind === 'webgpu' && !moves.has(of.operation);
  return [...y].flatMap((actual, i) => {
    const wanted = of.y[i] ?? Number.NaN;
    if (agrees(actual, wanted, nearness[of.operation], lax)) return [];
    return [`${of.name} [${i}]: ${words(actual)}, and PyTorch has ${words(wanted)}`];
  });
}

const smallestNormal = 2 ** -126;

function agrees(actual: number, wanted: number, { relative, absolute }: Nearness, lax: boolean): boolean {
  if (!Number.isFinite(wanted) || !Number.isFinite(actual)) return Object.is(actual, wanted);
  if (lax && Math.abs(wanted) < smallestNormal && Math.abs(actual) < smallestNormal) return true;
  if (!lax && wanted === 0) return Object.is(actual, wanted);
  return Math.abs(actual - wanted) <= relative * Math.abs(wanted) + absolute;
}

function words(value: number): string {
  return Object.is(value, -0) ? '−0' : String(value);
}
