import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import { type Floats, isPacked, widen } from '../numerics/packed.ts';
import { lengthOf, type Range } from '../numerics/ranges.ts';
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts';
import { dtypeOf, type FloatDtype, isFloat, noFloats, storedFloats } from './safetensors.ts';
import type { Source } from './source.ts';

/** Asked for at once: large enough that a request is mostly data, and small beside a rank's shard. */
const PIECE_BYTES = 16 * 2 ** 20;

/** A block of a stored matrix; of a vector `[n]`, which is n rows of one column. */
interface Place {
  readonly tensor: CheckpointTensor;
  readonly dtype: FloatDtype;
  /** Bytes of an element. */
  readonly width: number;
  /** Of the whole matrix. */
  readonly columns: number;
  readonly rows: Range;
  readonly cols: Range;
}

/**
 * The weights of a checkpoint, as layers ask for them (parallel/weights.ts): each block is fetched alone, in pieces of
 * whole rows, and becomes float32 as it arrives, or stays as it is stored. What a column split asks for lies in one stretch. Of a row split the
 * other columns arrive too, and are cut off: a request for each row would cost more than they do.
 */
export class CheckpointWeights {
  readonly #source: Source;
  readonly #checkpoint: Checkpoint;
  readonly #pieceBytes: number;

  constructor(source: Source, checkpoint: Checkpoint, pieceBytes = PIECE_BYTES) {
    this.#source = source;
    this.#checkpoint = checkpoint;
    this.#pieceBytes = pieceBytes;
  }

  /**
   * Rows of a stored tensor, and of a matrix `[out, in]` the columns; null where it is a vector.
   * @throws LabError `input` where there is none of that name and size, or it is not of floats; `memory` where there is no
   *   room for it; as the source does
   */
  async block(name: string, rows: Range, cols: Range | null): Promise<Float32Array> {
    const place = this.#placeOf(name, rows, cols);
    const block = room(name, elementsIn(place), Float32Array);
    await this.#read(place, (floats, at) => {
      if (isPacked(floats)) widen(floats, block, at);
      else block.set(floats, at);
    });
    return block;
  }

  /**
   * The same, and 16-bit floats as they are stored.
   * @throws LabError as block() does
   */
  async stored(name: string, rows: Range, cols: Range | null): Promise<Floats> {
    const place = this.#placeOf(name, rows, cols);
    const dtype = dtypeOf(place.dtype);
    if (dtype === null || dtype === 'f32') return this.block(name, rows, cols);
    const bits = room(name, elementsIn(place), Uint16Array);
    await this.#read(place, (floats, at) => {
      if (isPacked(floats)) bits.set(floats.bits, at);
    });
    return { dtype, bits };
  }

  /** Bytes of the block itself, as it is stored: of a row split fewer than block() will ask for. */
  ownBytesOf(name: string, rows: Range, cols: Range | null): number {
    const place = this.#placeOf(name, rows, cols);
    return elementsIn(place) * place.width;
  }

  /** Bytes that block() will ask for. */
  bytesOf(name: string, rows: Range, cols: Range | null): number {
    const place = this.#placeOf(name, rows, cols);
    return this.#piecesOf(place).reduce(
      (sum, piece) => sum + lengthOf(bytesOf({ ...place, rows: piece })),
      0,
    );
  }

  /** Gives the floats of a block as they arrive, row after row: whole rows together where it has all their columns. */
  async #read(place: Place, take: (floats: Floats, at: number) => void): Promise<void> {
    const { tensor, dtype, columns, rows } = place;
    const wanted = lengthOf(place.cols);
    for (const piece of this.#piecesOf(place)) {
      const bytes = await this.#source.read(tensor.file, bytesOf({ ...place, rows: piece }));
      const floats = storedFloats(dtype, bytes.buffer);
      const at = (piece.start - rows.start) * wanted;
      if (wanted === columns) {
        take(floats, at);
        continue;
      }
      for (let row = 0; row < lengthOf(piece); row++) {
        take(partOf(floats, row * columns, row * columns + wanted), at + row * wanted);
      }
    }
  }

  /** Rows that are asked for at once. */
  #piecesOf({ rows, cols, columns, width }: Place): Range[] {
    if (lengthOf(cols) === 0) return [];
    const most = Math.max(1, Math.floor(this.#pieceBytes / (columns * width)));
    const pieces: Range[] = [];
    for (let start = rows.start; start < rows.end; start += most) {
      pieces.push({ start, end: Math.min(rows.end, start + most) });
    }
    return pieces;
  }

  #placeOf(name: string, rows: Range, cols: Range | null): Place {
    const tensor = this.#checkpoint.get(name);
    if (tensor === undefined) throw new LabError('input', `The checkpoint has no tensor ${cut(name)}.`);
    const { shape, dtype } = tensor;
    const [length = 0, columns = 1] = shape;
    const dims = cols === null ? 1 : 2;
    const own = cols ?? { start: 0, end: 1 };
    if (shape.length !== dims || rows.end > length || own.end > columns) {
      const needed = cols === null ? `[${rows.end}]` : `[${rows.end}, ${cols.end}]`;
      throw new LabError(
        'input',
        `Tensor ${cut(name)} is [${shape.join(', ')}]; at least ${needed} is needed.`,
      );
    }
    if (!isFloat(dtype)) throw noFloats(name, dtype);
    return { tensor, dtype, width: dtype === 'F32' ? 4 : 2, columns, rows, cols: own };
  }
}

function elementsIn({ rows, cols }: Place): number {
  return lengthOf(rows) * lengthOf(cols);
}

function partOf(floats: Floats, start: number, end: number): Floats {
  if (!isPacked(floats)) return floats.subarray(start, end);
  return { dtype: floats.dtype, bits: floats.bits.subarray(start, end) };
}

function room<T>(
  name: string,
  count: number,
  Elements: { new (count: number): T; readonly BYTES_PER_ELEMENT: number },
): T {
  try {
    return new Elements(count);
  } catch (cause) {
    const mib = Math.ceil((Elements.BYTES_PER_ELEMENT * count) / 2 ** 20).toLocaleString('en');
    throw new LabError(
      'memory',
      `The browser has no memory for a rank's ${mib} MiB of ${cut(name)}. Use more ranks, so that each holds less, or close other tabs.`,
      { cause },
    );
  }
}

/** From the first wanted element of the first row to the last one of the last row. */
function bytesOf({ tensor, width, columns, rows, cols }: Place): Range {
  const at = (row: number, col: number): number => tensor.start + (row * columns + col) * width;
  return { start: at(rows.start, cols.start), end: at(rows.end - 1, cols.end) };
}
