import { expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { Draw, faultsOf, mutateBytes, mutateText, mutateValue } from '../numerics/testing/mutate.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { parseSafetensors } from './safetensors.ts';
import type { Source } from './source.ts';
import { fileOf } from './testing/writeSafetensors.ts';

const WIDTHS: Readonly<Record<string, bigint>> = { F32: 4n, BF16: 2n, I64: 8n, U8: 1n };
const TENSORS = {
  'model.a': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  'model.b': { dtype: 'BF16', shape: [3], data_offsets: [24, 30] },
  empty: { dtype: 'I64', shape: [0, 4], data_offsets: [30, 30] },
  'one é "byte"': { dtype: 'U8', shape: [1], data_offsets: [30, 31] },
};
const HEADER = { __metadata__: { format: 'pt', note: 'a "text", {nested: [1]}' }, ...TENSORS };
const DATA = Uint8Array.from({ length: 31 }, (_, i) => 7 * i);

/** Broken as bytes, as a text, as a value, or with one of its tensors again. */
function damage(draw: Draw): Uint8Array {
  const text = JSON.stringify(HEADER);
  const names = Object.keys(TENSORS);
  const again = `,${JSON.stringify(draw.of([...names, 'other']))}:${JSON.stringify(draw.of(Object.values(TENSORS)))}}`;
  switch (draw.below(5)) {
    case 0:
      return mutateBytes(new Uint8Array(fileOf(text, DATA)), draw);
    case 1:
      return new Uint8Array(fileOf(mutateText(text, draw), DATA));
    case 2:
      return new Uint8Array(fileOf(text.slice(0, -1) + again, DATA));
    case 3:
      return new Uint8Array(fileOf(JSON.stringify(mutateValue(mutateValue(HEADER, draw), draw)), DATA));
    default:
      return new Uint8Array(fileOf(JSON.stringify(mutateValue(HEADER, draw)), DATA));
  }
}

/** By the words of the format, in numbers that cannot overflow: what is wrong with a file that was taken. */
function wronglyTaken(bytes: Uint8Array): string[] {
  const file = parseSafetensors(bytes.slice().buffer);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
  const header = JSON.parse(text) as Record<string, Record<string, unknown>>;
  const data = bytes.subarray(8 + length);
  const wrong: string[] = [];
  const colons = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  if (colons !== namesIn(header)) wrong.push('a name is there twice');
  if (!text.startsWith('{')) wrong.push('it does not begin with {');
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  if (names.join('\n') !== [...file.tensors.keys()].join('\n')) wrong.push('other names than in the header');
  const owners = new Uint8Array(data.length);
  for (const name of names) {
    const { dtype, shape, data_offsets } = header[name] as unknown as Entry;
    const [start, end] = data_offsets;
    const sizes = shape.map(BigInt);
    if (sizes.some((size) => size < 0n)) wrong.push('a negative size');
    const span = sizes.reduce((product, size) => product * (size || 1n), WIDTHS[dtype] ?? 0n);
    if (span >= 2n ** 53n) wrong.push('an overflowing shape');
    if (BigInt(end - start) !== (sizes.includes(0n) ? 0n : span)) wrong.push('a wrong length');
    for (let i = start; i < end; i++) owners[i] = (owners[i] ?? 0) + 1;
    if (dtype === 'F32') {
      const own = new Uint8Array(file.float32(name).buffer);
      if (own.join() !== data.slice(start, end).join()) wrong.push('other values');
    }
  }
  if (owners.some((count) => count !== 1)) wrong.push('a byte that is not one tensor’s');
  return wrong;
}

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + namesIn(inner), own);
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof LabError && thrown.code === 'input' && thrown.message.length < 400;
}

it('takes none of 10,000 damaged files wrongly, and breaks on none', () => {
  const { faults, taken } = faultsOf(10_000, damage, wronglyTaken, isRefusal);
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(500); // some damage does no harm, as in the data
}, 60_000);

const INDEX = 'model.safetensors.index.json';
const SHARDS = ['model-1-of-2.safetensors', 'model-2-of-2.safetensors'];

/** name → text or bytes. */
type Folder = Readonly<Record<string, Uint8Array>>;

/** Two files and their index, of which something is broken, missing, renamed or there twice. */
function damagedFolder(draw: Draw): Folder {
  const entries = Object.entries(TENSORS);
  const own = (half: number) =>
    Object.fromEntries(half === 0 ? entries.slice(0, 2) : moved(entries.slice(2), 30));
  const map = Object.fromEntries(entries.map(([name], i) => [name, SHARDS[i < 2 ? 0 : 1] ?? '']));
  const shards = [own(0), own(1)];
  const kind = draw.below(6);
  if (kind === 0) {
    // A tensor of the other file too, at its end.
    const at = draw.below(2);
    const end = at === 0 ? 30 : 1;
    shards[at] = {
      ...shards[at],
      [draw.of(Object.keys(map))]: { dtype: 'U8', shape: [1], data_offsets: [end, end + 1] },
    };
  }
  const named = Object.entries(map);
  const files = [
    draw.of([...SHARDS, '../x.safetensors', 'x.safetensors', '/', '']),
    `./${SHARDS[0]}`,
    7,
    null,
  ];
  const changed =
    kind === 1
      ? Object.fromEntries(named.with(draw.below(4), [draw.of(named)[0], draw.of(files) as string]))
      : map;
  const index = { metadata: { total_size: 31 }, weight_map: changed };
  const text = JSON.stringify(kind === 2 ? mutateValue(index, draw) : index);
  const folder: Record<string, Uint8Array> = {
    [INDEX]: new TextEncoder().encode(kind === 3 ? mutateText(text, draw) : text),
  };
  for (const [i, name] of SHARDS.entries()) {
    const length =
      (i === 0 ? 30 : 1) +
      (kind === 0 && shards[i] !== undefined && Object.keys(shards[i]).length > 2 ? 1 : 0);
    folder[name] = new Uint8Array(fileOf(JSON.stringify(shards[i]), DATA.slice(0, length)));
  }
  const one = draw.of(SHARDS);
  if (kind === 4) delete folder[one];
  if (kind === 5) folder[one] = mutateBytes(folder[one] as Uint8Array, draw);
  return folder;
}

function moved(entries: [string, (typeof TENSORS)['model.a']][], by: number) {
  return entries.map(
    ([name, entry]) => [name, { ...entry, data_offsets: entry.data_offsets.map((at) => at - by) }] as const,
  );
}

function sourceOf(folder: Folder): Source {
  const find = (file: string): Uint8Array | null =>
    Object.hasOwn(folder, file) ? (folder[file] ?? null) : null;
  return {
    sizeOf: async (file) => find(file)?.length ?? null,
    whole: async (file) => find(file)?.slice() ?? null,
    read: async (file, { start, end }) => (find(file) ?? new Uint8Array(0)).slice(start, end),
    close: () => {},
  };
}

/** What is wrong with a folder that was taken: each tensor is in one file, and there the index has it. */
function wrongFolder(folder: Folder, checkpoint: Checkpoint): string[] {
  const wrong: string[] = [];
  const index = JSON.parse(new TextDecoder().decode(folder[INDEX])) as { weight_map: Record<string, string> };
  const listed = Object.entries(index.weight_map);
  if (listed.length !== checkpoint.size) wrong.push('other tensors than in the index');
  for (const [name, file] of listed) {
    const found = checkpoint.get(name);
    if (found?.file !== file || !SHARDS.includes(file)) wrong.push(`${name} from elsewhere`);
    const holders = Object.entries(folder).filter(
      ([key, bytes]) => key !== INDEX && tensorsIn(bytes).includes(name),
    );
    if (holders.length !== 1) wrong.push(`${name} is in ${holders.length} files`);
    const length = Number(new DataView((folder[file] as Uint8Array).buffer).getBigUint64(0, true));
    const { data_offsets } = headerOf(folder[file] as Uint8Array)[name] as unknown as Entry;
    if (found?.start !== 8 + length + data_offsets[0] || found.end !== 8 + length + data_offsets[1])
      wrong.push(`${name} at another place`);
  }
  return wrong;
}

function headerOf(bytes: Uint8Array): Record<string, Record<string, unknown>> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
}

function tensorsIn(bytes: Uint8Array): string[] {
  try {
    return Object.keys(headerOf(bytes));
  } catch {
    return []; // a file that nobody asked for
  }
}

it('takes none of 10,000 damaged folders wrongly, and breaks on none', async () => {
  const tried: Tried[] = [];
  for (let i = 0; i < 10_000; i++) tried.push(await attempt(damagedFolder(new Draw(i))));
  const { faults, taken } = faultsOf(
    tried.length,
    () => tried.shift() as Tried,
    ({ folder, checkpoint, thrown }) => {
      if (checkpoint === null) throw thrown;
      return wrongFolder(folder, checkpoint);
    },
    isRefusal,
  );
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(500);
}, 60_000);

interface Tried {
  readonly folder: Folder;
  readonly checkpoint: Checkpoint | null;
  readonly thrown: unknown;
}

async function attempt(folder: Folder): Promise<Tried> {
  try {
    return { folder, checkpoint: await readCheckpoint(sourceOf(folder)), thrown: null };
  } catch (thrown) {
    return { folder, checkpoint: null, thrown };
  }
}
