import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import { lengthOf, type Range } from '../numerics/ranges.ts';
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts';
import { type FloatDtype, isFloat, storedFloats, widen } from './floats.ts';
import { noFloats } from './safetensors.ts';
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
 * whole rows, and becomes float32 as it arrives. What a column split asks for lies in one stretch. Of a row split the
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
    const { tensor, dtype, columns } = place;
    const wanted = lengthOf(place.cols);
    const block = floats(lengthOf(rows) * wanted, name);
    for (const piece of this.#piecesOf(place)) {
      const bytes = await this.#source.read(tensor.file, bytesOf({ ...place, rows: piece }));
      const stored = storedFloats(dtype, bytes.buffer);
      const at = (piece.start - rows.start) * wanted;
      if (wanted === columns) widen(dtype, stored, block, at);
      else {
        for (let row = 0; row < lengthOf(piece); row++) {
          const from = row * columns;
          widen(dtype, stored.subarray(from, from + wanted), block, at + row * wanted);
        }
      }
    }
    return block;
  }

  /** Bytes that block() will ask for. */
  bytesOf(name: string, rows: Range, cols: Range | null): number {
    const place = this.#placeOf(name, rows, cols);
    return this.#piecesOf(place).reduce(
      (sum, piece) => sum + lengthOf(bytesOf({ ...place, rows: piece })),
      0,
    );
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

function floats(count: number, name: string): Float32Array {
  try {
    return new Float32Array(count);
  } catch (cause) {
    const mib = Math.ceil((4 * count) / 2 ** 20).toLocaleString('en');
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
