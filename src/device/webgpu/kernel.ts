/** What can be run on a GPU, and how it is chosen: plain records, apart from how they are dispatched (runner.ts, queue.ts). */

import { LabError } from '../../base/errors.ts';
import type { DType } from '../../numerics/dtype.ts';
import type { SizesOf } from '../../operations/operations.ts';
import type { OperationName, Operations, Tensor } from '../device.ts';

/** A compute shader and its constants. The same object always means the same pipeline. */
export interface Kernel {
  /** The name of its entry point, of its spans and of its GPU objects. */
  readonly name: OperationName;
  /** WGSL sources, one after another. */
  readonly code: readonly string[];
  /** Values of the `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
}

export type Workgroups = readonly [x: number, y: number];

/** What a kernel is given. Its bindings are numbered: the inputs, the output, the sizes. */
export interface Bindings<Input> {
  readonly inputs: readonly Input[];
  /** The `size` struct: its u32 values … */
  readonly sizes: readonly number[];
  /** … and its f32 values, which stand behind them. */
  readonly scalars?: readonly number[];
}

/** A kernel on buffers, as the queue takes it. */
export interface KernelRun extends Pick<Bindings<GPUBuffer>, 'inputs'> {
  readonly kernel: Kernel;
  readonly workgroups: Workgroups;
  readonly output: GPUBuffer;
}

export interface Dispatch extends KernelRun, Bindings<GPUBuffer> {
  /** The id of the variant, where it is one that was chosen. */
  readonly variant?: string;
  readonly flops: number;
}

export type Needs = Readonly<Partial<Abilities>>;

/** What a device allows a workgroup. */
export interface Abilities {
  /** By the specification 16 KiB at least, and 256. */
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  /** How many invocations run as one, where WGSL may have them talk, and all subgroups are as large; else 0. */
  readonly subgroupSize: number;
}

export function abilitiesOf({ limits, features, adapterInfo }: GPUDevice): Abilities {
  const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup } = limits;
  const { subgroupMinSize = 0, subgroupMaxSize = 0 } = adapterInfo ?? {}; // browsers had it later than WebGPU
  const isKnown = features.has('subgroups') && subgroupMinSize === subgroupMaxSize;
  return {
    maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup,
    subgroupSize: isKnown ? subgroupMinSize : 0,
  };
}

/**
 * One way to run an operation. They differ in where they keep what they reuse, and so in which adapter they suit.
 *
 * A column split equals the unsplit product bit for bit, and heads alone what they are among others. So the order in which
 * a variant sums may depend on the lengths that are summed over, never on how many columns or heads there are; and where
 * two differ in it, the device, those lengths and how few rows there are choose between them: products.ts, attention.ts.
 */
export interface Variant<Sizes> {
  /** "registers", and of the only one of its kind "gpu" or "software". */
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** SwiftShader and its like run on processor cores, where barriers and invocations are dear. */
  readonly suits: 'gpu' | 'software';
  /** Abilities that a device must have: limits at least, and subgroups of just that size. Left out: those of any device. */
  readonly needs?: Needs;
  /**
   * Variants of the same order give the same bits, whatever the sizes: a measurement may choose among them. Left out: the
   * order of all of the operation that leave it out too.
   */
  readonly order?: string;
  /** What it can run. Left out: whatever the sizes. */
  readonly accepts?: (sizes: Sizes) => boolean;
  /** Of that, where it is faster than those behind it. Left out: everywhere. */
  readonly excels?: (sizes: Sizes) => boolean;
  /** @param weightType of the operand that may hold 16-bit floats or blocks, if there is one (operations.ts) */
  readonly kernel: (sizes: Sizes, weightType: DType) => Kernel;
  readonly workgroups: (sizes: Sizes) => Workgroups;
  readonly second?: SecondKernel<Sizes>;
}

/** What makes the result of what the first kernel leaves, its only input. It has the same sizes. */
export interface SecondKernel<Sizes> {
  /** float32 elements that the first kernel leaves. */
  readonly between: (sizes: Sizes) => number;
  readonly kernel: Kernel;
  readonly workgroups: (sizes: Sizes) => Workgroups;
}

/** An operation as a GPU does it. */
export interface GpuOperation<Name extends OperationName> {
  /** The first that suits the adapter and excels at the sizes is taken. */
  readonly variants: readonly Variant<SizesOf<Name>>[];
  /** Its operands, but for one that it changes. Undefined is one that was left out. */
  readonly bind: (
    sizes: SizesOf<Name>,
    ...args: Parameters<Operations[Name]>
  ) => Bindings<Tensor | undefined>;
}

/** For an operation of that name; this is where its types meet. */
export function gpuOperation<Name extends OperationName>(
  _name: Name,
  variants: readonly Variant<SizesOf<Name>>[],
  bind: GpuOperation<Name>['bind'],
): GpuOperation<Name> {
  return { variants, bind };
}

/** What a choice among variants goes by, beside the sizes. */
export interface Choosing {
  /** Whether the adapter is emulated on the CPU. */
  readonly software: boolean;
  readonly abilities: Abilities;
  /** The id of a variant that is to run wherever it can. */
  readonly asked?: string | undefined;
  /** The id of one that was measured to be the fastest; passed over where it cannot run, or would give other bits. */
  readonly tuned?: string | undefined;
}

/**
 * The variant for these sizes: the one that was asked for, where it accepts them, or the one that was measured to be the
 * fastest, or the first that suits the adapter.
 * @throws LabError `input` where there is none of the id that was asked for, or the device has not what it needs
 */
export function choose<Sizes>(
  name: OperationName,
  variants: readonly Variant<Sizes>[],
  sizes: Sizes,
  { software, abilities, asked, tuned }: Choosing,
): Variant<Sizes> {
  const kind = software ? 'software' : 'gpu';
  const wanted = variants.find(({ id }) => id === asked);
  const missing = wanted && lacks(wanted, abilities);
  if (missing) throw new LabError('input', `The ${name} kernel '${asked}' needs ${missing}`);
  const isAble = (variant: Variant<Sizes>): boolean =>
    (variant.accepts?.(sizes) ?? true) && lacks(variant, abilities) === null;
  const guess = variants.find(
    (variant) => variant.suits === kind && (variant.excels?.(sizes) ?? true) && isAble(variant),
  );
  if (asked !== undefined) {
    if (wanted !== undefined && isAble(wanted)) return wanted;
    if (wanted !== undefined && guess !== undefined) return guess;
  } else {
    const measured = tuned === undefined ? undefined : variants.find(({ id }) => id === tuned);
    const found = measured?.order === guess?.order && measured && isAble(measured) ? measured : guess;
    if (found !== undefined) return found;
  }
  const ids = variants.map(({ id }) => id).join(', ');
  throw new LabError('input', `There is no ${name} kernel '${asked ?? kind}'; there are ${ids}.`);
}

/** Why a device cannot run a variant, as the end of a sentence about what it needs; null where it can. */
export function lacks({ needs }: { readonly needs?: Needs }, abilities: Abilities): string | null {
  if (needs === undefined) return null;
  const { subgroupSize = abilities.subgroupSize } = needs;
  if (subgroupSize !== abilities.subgroupSize)
    return `subgroups of ${subgroupSize}; this adapter has ${abilities.subgroupSize || 'none'}. Use another kernel.`;
  const short = (Object.keys(needs) as (keyof Needs)[]).find((name) => (needs[name] ?? 0) > abilities[name]);
  return short === undefined
    ? null
    : `a ${short} of ${needs[short]}; this adapter has ${abilities[short]}. Use a smaller tile.`;
}

/** What stands before a text that sizes arrays by constants, which `override` may not. */
export function constLines(constants: Readonly<Record<string, number>>): string {
  return Object.entries(constants)
    .map(([name, value]) => `const ${name} = ${value}u;`)
    .join('\n');
}

/** The specification's default limit of a side of the grid, and that of every adapter seen. */
export const maxWorkgroups = 65_535;
