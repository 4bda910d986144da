/** Writes the format that safetensors.ts reads, truly or not. */

import type { Dtype } from '../safetensors.ts';

export interface Raw {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A file of these tensors, in their order. */
export function writeSafetensors(
  tensors: Readonly<Record<string, Raw>>,
  metadata?: Readonly<Record<string, string>>,
): ArrayBuffer {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const start = end;
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const header = {
    ...(metadata !== undefined && { __metadata__: metadata }),
    ...Object.fromEntries(entries),
  };
  const data = Object.values(tensors).flatMap(({ bytes }) => [...bytes]);
  return fileOf(JSON.stringify(header), Uint8Array.from(data));
}

/** A file of any header and data. */
export function fileOf(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0)): ArrayBuffer {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file.buffer;
}
