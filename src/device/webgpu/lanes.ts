/** Operations by element and by row: kernels that are written once for elements that move one by one, or in quads. */

import lanesScalar from '../../../shaders/lanes_scalar.wgsl?raw';
import lanesVec4 from '../../../shaders/lanes_vec4.wgsl?raw';
import reduce from '../../../shaders/reduce.wgsl?raw';
import type { SizesOf } from '../../operations/operations.ts';
import type { OperationName } from '../device.ts';
import { type Kernel, maxWorkgroups, type Variant } from './kernel.ts';

/** Invocations in a workgroup of an element-wise kernel. */
const elementwiseWidth = 64;

interface ElementwiseOptions<Sizes> {
  /** The kernels of an operation that has several. */
  readonly kernelOf?: (kernel: Kernel) => Variant<Sizes>['kernel'];
  /** Whether a GPU takes four columns at once, by a kernel that has them in Lanes. */
  readonly inQuads?: (sizes: Sizes) => boolean;
}

/**
 * A kernel that computes each element by itself, in a grid whose invocations step through the elements by the size of the
 * grid. A GPU wants many invocations at once. SwiftShader does not: to start four of them costs it as much as three of
 * their elements, and 131072 elements take 3 ms in 64 workgroups and 11 ms in 2048.
 * @param over rows and columns of the elements
 */
export function elementwise<Name extends OperationName>(
  name: Name,
  code: readonly string[],
  over: (sizes: SizesOf<Name>) => readonly [m: number, n: number],
  { kernelOf = (kernel) => () => kernel, inQuads = () => false }: ElementwiseOptions<SizesOf<Name>> = {},
): Variant<SizesOf<Name>>[] {
  const constants = { WIDTH: elementwiseWidth };
  const scalar = kernelOf({ name, code: [lanesScalar, ...code], constants });
  const vec4 = kernelOf({ name, code: [lanesVec4, ...code], constants });
  const grid = (m: number, n: number, wanted: number): [number, number] => {
    const rows = Math.min(m, wanted);
    return [Math.min(Math.ceil(n / elementwiseWidth), Math.max(1, Math.floor(wanted / rows))), rows];
  };
  return [
    {
      id: 'gpu',
      label: 'an invocation an element, or a quad of them',
      suits: 'gpu',
      kernel: (sizes, weightType) => (inQuads(sizes) ? vec4 : scalar)(sizes, weightType),
      workgroups(sizes) {
        const [m, n] = over(sizes);
        return grid(m, inQuads(sizes) ? n / 4 : n, 4096);
      },
    },
    {
      id: 'software',
      label: '64 workgroups, each with many elements',
      suits: 'software',
      kernel: scalar,
      workgroups: (sizes) => grid(...over(sizes), 64),
    },
  ];
}

/** Columns from which on a row has more invocations on a GPU, of a kernel that takes it in Lanes. */
const longRow = 1024;

/**
 * A kernel with a workgroup a row, which steps through the rows by the size of the grid. On a software adapter a barrier
 * costs all of the workgroup: rows that wait for each other took 35 ms with 16 invocations and 60 ms with 64. The same for
 * every row of a device, so that a row is summed in the same order wherever a cut puts it.
 */
export function perRow<Name extends OperationName>(
  name: Name,
  code: readonly string[],
  widths = { gpu: 64, software: 16 },
): RowVariant<Name>[] {
  const kernel = (WIDTH: number): Kernel => rowKernel(name, [lanesScalar, ...code], WIDTH);
  const [gpu, software] = [kernel(widths.gpu), kernel(widths.software)];
  return rowVariants({ gpu: () => gpu, software });
}

/**
 * As `perRow`, of a kernel that has a row in Lanes. On a GPU the length of a row alone chooses: whether it moves in quads,
 * and how many invocations share it. Passes over it behind the first find it in a cache.
 * @param columns of a row
 */
export function perRowInLanes<Name extends OperationName>(
  name: Name,
  code: readonly string[],
  columns: (sizes: SizesOf<Name>) => number,
  softwareWidth = 16,
): RowVariant<Name>[] {
  const kernels = (WIDTH: number): [scalar: Kernel, vec4: Kernel] => [
    rowKernel(name, [lanesScalar, ...code], WIDTH),
    rowKernel(name, [lanesVec4, ...code], WIDTH),
  ];
  const [short, long] = [kernels(64), kernels(256)];
  const [software] = kernels(softwareWidth);
  return rowVariants({
    gpu: (sizes) => (columns(sizes) < longRow ? short : long)[columns(sizes) % 4 === 0 ? 1 : 0],
    software,
  });
}

type RowVariant<Name extends OperationName> = Variant<SizesOf<Name> & { readonly m: number }>;

function rowKernel(name: OperationName, code: readonly string[], WIDTH: number): Kernel {
  return { name, code: [reduce, ...code], constants: { WIDTH } };
}

function rowVariants<Sizes extends { readonly m: number }>(kernels: {
  readonly gpu: (sizes: Sizes) => Kernel;
  readonly software: Kernel;
}): Variant<Sizes>[] {
  const label = 'a workgroup a row';
  const workgroups = ({ m }: Sizes): [number, number] => [Math.min(m, maxWorkgroups), 1];
  return [
    { id: 'gpu', label, suits: 'gpu', kernel: kernels.gpu, workgroups },
    { id: 'software', label, suits: 'software', kernel: () => kernels.software, workgroups },
  ];
}
