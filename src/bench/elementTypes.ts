/**
 * How the elements of a collective are stored: ours are float32, what other programs measured may have others. And how the
 * weight of a product is: q8 and q4 are the blocks of numerics/blocks.ts.
 */

export const ELEMENT_TYPES = [
  'f32',
  'f64',
  'f16',
  'bf16',
  'f8e4m3',
  'f8e5m2',
  'i64',
  'u64',
  'i32',
  'u32',
  'i8',
  'u8',
  'q8',
  'q4',
] as const;

export type ElementType = (typeof ELEMENT_TYPES)[number];

/** As nccl-tests call them (src/common.cu), then rccl-tests, PyTorch and MPI, where these differ. */
const NAMES: Readonly<Record<ElementType, readonly string[]>> = {
  f32: ['float', 'float32'],
  f64: ['double', 'float64'],
  f16: ['half', 'float16'],
  bf16: ['bfloat16'],
  f8e4m3: ['f8e4m3', 'fp8_e4m3', 'float8_e4m3fn', 'float8_e4m3fnuz'],
  f8e5m2: ['f8e5m2', 'fp8_e5m2', 'float8_e5m2', 'float8_e5m2fnuz'],
  i64: ['int64', 'long'],
  u64: ['uint64'],
  i32: ['int32', 'int'],
  u32: ['uint32'],
  i8: ['int8', 'char'],
  u8: ['uint8', 'byte'],
  q8: ['q8'],
  q4: ['q4'],
};

const NAMED: ReadonlyMap<string, ElementType> = new Map(
  ELEMENT_TYPES.flatMap((type) => NAMES[type].map((name) => [name, type] as const)),
);

/** Null where nobody calls a type so. */
export function elementTypeNamed(name: string): ElementType | null {
  return NAMED.get(name) ?? null;
}

/** As nccl-tests call it. */
export function nameOfElementType(type: ElementType): string {
  return NAMES[type][0] ?? type;
}

/** "registers", "registers half": the kernel, and how its weight is stored where that is not float32. */
export function kernelText({
  variant,
  dtype,
}: {
  readonly variant: string;
  readonly dtype: ElementType;
}): string {
  return dtype === 'f32' ? variant : `${variant} ${nameOfElementType(dtype)}`.trim();
}

const BYTES: Readonly<Record<ElementType, number>> = {
  f32: 4,
  f64: 8,
  f16: 2,
  bf16: 2,
  f8e4m3: 1,
  f8e5m2: 1,
  i64: 8,
  u64: 8,
  i32: 4,
  u32: 4,
  i8: 1,
  u8: 1,
  q8: 34 / 32,
  q4: 18 / 32,
};

/** Of one element; of blocks a mean, with its part of the scale. */
export function elementBytes(type: ElementType): number {
  return BYTES[type];
}

/** How many a buffer holds. */
export function elementsOf({
  bytes,
  dtype,
}: {
  readonly bytes: number;
  readonly dtype: ElementType;
}): number {
  return bytes / BYTES[dtype];
}
