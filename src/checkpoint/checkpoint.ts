/**
 * Which tensors a model's files hold, and where: model.safetensors, or the files that model.safetensors.index.json lists.
 * The headers alone are read. https://huggingface.co/docs/safetensors/metadata_parsing
 */

import { LabError } from '../base/errors.ts';
import { cut, shown } from '../base/shown.ts';
import { dataStartOf, LENGTH_BYTES, parseHeader, type SafetensorsHeader } from './safetensors.ts';
import { isRecord, repeatedName, type StoredTensor } from './safetensorsHeader.ts';
import type { Source } from './source.ts';

export interface CheckpointTensor extends StoredTensor {
  readonly file: string;
  /** Bytes of the file: `start … end`, counted from its beginning. */
  readonly start: number;
  readonly end: number;
}

/** By name. A plain Map, so that a page can read it once and send it to every rank. */
export type Checkpoint = ReadonlyMap<string, CheckpointTensor>;

/** A file's header, and where behind it the data begins. */
export interface ShardHeader extends SafetensorsHeader {
  readonly dataStart: number;
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
/** Of the largest models of today some have 200. */
const MOST_FILES = 10_000;

/** @throws LabError `input` where a file is missing, cannot be read, or they contradict each other */
export async function readCheckpoint(source: Source): Promise<Checkpoint> {
  const single = await readShard(source, SINGLE);
  if (single !== null) return joinShards(null, new Map([[SINGLE, single]]));
  const text = await source.whole(INDEX);
  if (text === null) {
    throw new LabError(
      'input',
      `There is neither ${SINGLE} nor ${INDEX}. Weights in other formats cannot be read.`,
    );
  }
  const index = parseIndex(new TextDecoder().decode(text));
  const shards = new Map<string, ShardHeader>();
  for (const file of new Set(index.values())) {
    const shard = await readShard(source, file);
    if (shard === null)
      throw new LabError('input', `${INDEX} lists ${cut(file)}, and there is no such file.`);
    shards.set(file, shard);
  }
  return joinShards(index, shards);
}

/**
 * tensor → file.
 * @throws LabError `input` where the text is no index, or names what is no file of the same folder
 */
export function parseIndex(text: string): ReadonlyMap<string, string> {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch (cause) {
    throw badIndex('it is no JSON', cause);
  }
  const map: unknown = isRecord(index) ? index['weight_map'] : null;
  if (!isRecord(map)) throw badIndex('it has no weight_map');
  const twice = repeatedName(text);
  if (twice !== null) throw badIndex(`it has ${cut(twice)} twice`);
  const files = new Set<string>();
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !isPlainName(file)) {
      throw badIndex(
        `${cut(tensor)} lies in ${shown(file)}, which is no .safetensors file of the same folder`,
      );
    }
    files.add(file);
  }
  if (files.size > MOST_FILES) throw badIndex(`it lists ${files.size} files, more than any model has`);
  return new Map(Object.entries(map).map(([tensor, file]) => [tensor, String(file)]));
}

/**
 * The tensors of all files. An index and its files say the same, or there would be two ways to read them: tools that go by
 * the files alone would take other weights than those that go by the index.
 * @param index null where there is one file
 * @throws LabError `input` where they contradict each other
 */
export function joinShards(
  index: ReadonlyMap<string, string> | null,
  shards: ReadonlyMap<string, ShardHeader>,
): Checkpoint {
  const joined = new Map<string, CheckpointTensor>();
  for (const [file, { tensors, dataStart }] of shards) {
    for (const [name, tensor] of tensors) {
      const other = joined.get(name);
      if (other !== undefined) throw badIndex(`${cut(name)} is in ${cut(other.file)} and in ${cut(file)}`);
      joined.set(name, { ...tensor, file, start: dataStart + tensor.start, end: dataStart + tensor.end });
    }
  }
  if (index === null) return joined;
  for (const [name, { file }] of joined) {
    if (index.get(name) !== file)
      throw badIndex(`${cut(name)} is in ${cut(file)}, where the index does not have it`);
  }
  for (const [name, file] of index) {
    if (!joined.has(name)) throw badIndex(`${cut(name)} should be in ${cut(file)}, and is not`);
  }
  return joined;
}

/** Null where there is no such file. */
async function readShard(source: Source, file: string): Promise<ShardHeader | null> {
  const size = await source.sizeOf(file);
  if (size === null) return null;
  const first = await source.read(file, { start: 0, end: Math.min(size, LENGTH_BYTES) });
  const dataStart = dataStartOf(first, size);
  const header = await source.read(file, { start: LENGTH_BYTES, end: dataStart });
  return { ...parseHeader(header, size - dataStart), dataStart };
}

/** No way out of the folder, and none into another. */
function isPlainName(file: string): boolean {
  return /^[\w.-]+\.safetensors$/.test(file) && !file.startsWith('.');
}

function badIndex(why: string, cause?: unknown): LabError {
  return new LabError('input', `The model's files cannot be read: ${why}.`, { cause });
}
