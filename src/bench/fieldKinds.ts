/** Kinds of values in a record: what each may be, and how it stands in JSON and in a cell of CSV. */

export interface RecordField<T> {
  /** Ends "must be …". */
  readonly wanted: string;
  readonly mayBeLeftOut?: true;
  /** The value out of JSON; undefined where it is not what is wanted. */
  read(json: unknown): T | undefined;
  /** To a cell of CSV, and back to JSON. */
  toCell(value: T): string;
  fromCell(cell: string): unknown;
}

export const text: RecordField<string> = {
  wanted: 'a text',
  read: (json) => (typeof json === 'string' ? json : undefined),
  toCell: (value) => value,
  fromCell: (cell) => cell,
};

export const yesOrNo: RecordField<boolean> = {
  wanted: 'true or false',
  read: (json) => (typeof json === 'boolean' ? json : undefined),
  toCell: String,
  fromCell: (cell) => ({ true: true, false: false })[cell] ?? cell,
};

export const yesNoOrNull: RecordField<boolean | null> = {
  wanted: 'true, false or null',
  read: (json) => (json === null ? null : yesOrNo.read(json)),
  toCell: (value) => (value === null ? '' : String(value)),
  fromCell: (cell) => (cell === '' ? null : yesOrNo.fromCell(cell)),
};

/** What files may leave out. */
export function optional<T>({ wanted, read, toCell, fromCell }: RecordField<T>): RecordField<T | undefined> {
  return {
    wanted: `${wanted}, or left out`,
    mayBeLeftOut: true,
    read,
    toCell: (value) => (value === undefined ? '' : toCell(value)),
    fromCell: (cell) => (cell === '' ? undefined : fromCell(cell)),
  };
}

/** A time, a rate, an error. JSON has no word for what is no finite number. */
export const figure: RecordField<number> = {
  wanted: 'a number from 0 on, or null where there is none',
  read: (json) => (json === null ? Number.NaN : isFigure(json) ? json : undefined),
  toCell: (value) => (Number.isFinite(value) ? String(value) : ''),
  fromCell: (cell) => (cell === '' ? null : numberOf(cell)),
};

export const samples: RecordField<readonly number[]> = {
  wanted: 'a list of milliseconds',
  read: (json) => (Array.isArray(json) && json.every(isFigure) ? json : undefined),
  toCell: (value) => value.join(' '),
  fromCell: (cell) => (cell === '' ? [] : cell.split(' ').map(numberOf)),
};

export const shape: RecordField<Readonly<Record<string, number>>> = {
  wanted: 'an object of sizes, such as {"m":16,"k":512,"n":2048}',
  read: (json) =>
    isObject(json) && Object.entries(json).every(([key, size]) => /^\w+$/.test(key) && isCount(size))
      ? (json as Record<string, number>)
      : undefined,
  toCell: (value) =>
    Object.entries(value)
      .map(([key, size]) => `${key}=${size}`)
      .join(' '),
  fromCell: (cell) =>
    Object.fromEntries(
      (cell === '' ? [] : cell.split(' ')).map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, Math.max(0, at)), numberOf(pair.slice(at + 1))];
      }),
    ),
};

export const texts: RecordField<Readonly<Record<string, string>>> = {
  wanted: 'an object of texts',
  read: (json) =>
    isObject(json) && Object.values(json).every((value) => typeof value === 'string')
      ? (json as Record<string, string>)
      : undefined,
  toCell: (value) => JSON.stringify(value),
  fromCell(cell) {
    try {
      return JSON.parse(cell);
    } catch {
      return cell;
    }
  },
};

export function oneOf<T extends string>(all: readonly T[]): RecordField<T> {
  return {
    wanted: all.length === 1 ? `"${all[0]}"` : `one of ${all.join(', ')}`,
    read: (json) => all.find((value) => value === json),
    toCell: (value) => value,
    fromCell: (cell) => cell,
  };
}

export function count(least: number, most = Number.MAX_SAFE_INTEGER): RecordField<number> {
  return {
    wanted: `a whole number from ${least} ${most < Number.MAX_SAFE_INTEGER ? `to ${most.toLocaleString('en')}` : 'on'}`,
    read: (json) => (isCount(json) && json >= least && json <= most ? json : undefined),
    toCell: String,
    fromCell: numberOf,
  };
}

export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isCount(json: unknown): json is number {
  return Number.isSafeInteger(json) && (json as number) >= 0;
}

export function isFigure(json: unknown): json is number {
  return Number.isFinite(json) && (json as number) >= 0;
}

/** The number that a cell holds, or the cell, for the error to show. */
function numberOf(cell: string): number | string {
  return cell.trim() === '' || Number.isNaN(Number(cell)) ? cell : Number(cell);
}
