/**
 * The kernels of `linear`, as a table. They differ in where they keep what they reuse, and so in which adapter they
 * suit; see each file in shaders/.
 *
 * A column split equals the unsplit product bit for bit. So which kernel runs, and in which order it sums along K, may
 * depend on the device and on K, never on M or N.
 */

import reference from '../../../shaders/linear_reference.wgsl?raw';
import registers from '../../../shaders/linear_registers.wgsl?raw';
import tiles from '../../../shaders/linear_tiles.wgsl?raw';
import operandsScalar from '../../../shaders/operands_scalar.wgsl?raw';
import operandsVec4 from '../../../shaders/operands_vec4.wgsl?raw';
import { LabError } from '../../base/errors.ts';
import type { DeviceInfo } from '../device.ts';
import type { LinearShape } from '../operations.ts';
import { type Kernel, maxWorkgroups, type Workgroups } from './kernel.ts';

export type LinearVariantId = 'reference' | 'registers' | 'tiles';

export interface LinearVariant {
  readonly id: LinearVariantId;
  /** For people. */
  readonly label: string;
  readonly kernel: (shape: LinearShape) => Kernel;
  readonly workgroups: (shape: LinearShape) => Workgroups;
}

const block = 8; // linear_registers.wgsl has it in its text
const perInvocation = 4; // likewise, linear_tiles.wgsl

export const linearVariants: readonly LinearVariant[] = [
  variant({
    id: 'registers',
    label: '8 × 8 elements an invocation, in registers',
    code: registers,
    constants: { WIDTH: 8 },
    tile: { rows: block, cols: 8 * block },
  }),
  variant({
    id: 'tiles',
    label: '32 × 64 tile a workgroup, in workgroup memory',
    code: tiles,
    constants: { WIDTH: 16, HEIGHT: 8, DEPTH: 4 },
    tile: { rows: 8 * perInvocation, cols: 16 * perInvocation },
  }),
  {
    id: 'reference',
    label: 'one element an invocation',
    kernel: constant({ name: 'linear', code: [reference], constants: { WIDTH: 8, HEIGHT: 8 } }),
    workgroups: grid({ rows: 8, cols: 8 }),
  },
];

/**
 * A software adapter takes a fifth of a second to compile the register kernel, for each device anew, and less than
 * that for whole products with so short a sum.
 */
const worthRegisters = 256;

/** The variant for sums over K elements: the one that was asked for, or the one that suits the device. */
export function linearFor(info: DeviceInfo, id?: LinearVariantId): (k: number) => LinearVariant {
  if (id !== undefined) return constant(variantOf(id));
  if (!info.software) return constant(variantOf('tiles'));
  const [short, long] = [variantOf('reference'), variantOf('registers')];
  return (k) => (k < worthRegisters ? short : long);
}

function variantOf(id: LinearVariantId): LinearVariant {
  const found = linearVariants.find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  const ids = linearVariants.map((candidate) => candidate.id).join(', ');
  throw new LabError('input', `There is no linear kernel '${id}'; there are ${ids}.`);
}

/** Elements of y that one workgroup computes. */
interface Tile {
  readonly rows: number;
  readonly cols: number;
}

/** A variant that reads x and w four elements at a time, whatever K is. */
function variant({
  code,
  constants,
  tile,
  ...rest
}: Omit<LinearVariant, 'kernel' | 'workgroups'> & {
  code: string;
  constants: Kernel['constants'];
  tile: Tile;
}): LinearVariant {
  const vec4: Kernel = { name: 'linear', code: [operandsVec4, code], constants };
  const scalar: Kernel = { name: 'linear', code: [operandsScalar, code], constants };
  return { ...rest, kernel: ({ k }) => (k % 4 === 0 ? vec4 : scalar), workgroups: grid(tile) };
}

function constant<T>(value: T): () => T {
  return () => value;
}

function grid(tile: Tile): (shape: LinearShape) => Workgroups {
  return ({ m, n }) => {
    const workgroups = [Math.ceil(n / tile.cols), Math.ceil(m / tile.rows)] as const;
    if (workgroups.some((count) => count > maxWorkgroups)) {
      throw new LabError(
        'input',
        `linear: ${m}×${n} needs ${workgroups.join('×')} workgroups, and a grid has at most ${maxWorkgroups} ` +
          'along a side. Use a smaller matrix, or more ranks.',
      );
    }
    return workgroups;
  };
}
