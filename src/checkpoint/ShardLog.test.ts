import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashOf, OWNER_BYTES, ownerOf, ShardLog } from './ShardLog.ts';
import { MemoryFile } from './testing/MemoryFile.ts';

const OWNER = { model: 'https://hub.example/owner/model/', usedMs: 1_700_000_000_000 };

const records = fc.array(
  fc.record({ key: fc.string({ maxLength: 12 }), bytes: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 12 },
);

function written(all: readonly { readonly key: string; readonly bytes: Uint8Array }[]): MemoryFile {
  const file = new MemoryFile();
  const log = ShardLog.open(file, OWNER);
  for (const { key, bytes } of all) expect(log.put(`k${key}`, bytes)).toBe(true);
  log.close();
  return file;
}

it('has after a cut anywhere what was written before it, and writes on behind that', () => {
  const cut = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(records, cut, fc.uint8Array({ maxLength: 30 }), (all, share, torn) => {
      const file = written(all);
      const whole = file.bytes.length;
      // The end is lost, and what a file system puts there instead is anything.
      const size = Math.floor(share * (whole + 1));
      file.truncate(size);
      file.write(torn, { at: size });
      const log = ShardLog.open(file, OWNER);
      let [end, at] = [written([]).bytes.length, 0];
      const known = new Map<string, Uint8Array>();
      for (const { key, bytes } of all) {
        end += 20 + new TextEncoder().encode(`k${key}`).length + bytes.length;
        if (end > size) break;
        known.set(key, bytes);
        at = end;
      }
      for (const { key } of all) {
        const got = log.get(`k${key}`);
        const expected = known.get(key);
        if (expected !== undefined || torn.length === 0) expect(got).toEqual(expected ?? null);
        // By chance the torn end could be what was written; never something else.
        else if (got !== null) expect(all.map(({ bytes }) => [...bytes])).toContainEqual([...got]);
      }
      if (torn.length === 0 && at > 0) expect(file.bytes.length).toBe(at);
      expect(log.put('k-new', Uint8Array.of(1, 2, 3))).toBe(true);
      expect(ShardLog.open(file, OWNER).get('k-new')).toEqual(Uint8Array.of(1, 2, 3));
    }),
    { numRuns: 500 },
  );
});

it('gives no other bytes than were written, whatever was done to the file', () => {
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(records, fc.array(change, { maxLength: 6 }), (all, changes) => {
      const file = written(all);
      for (const { at, to } of changes) file.bytes[at % file.bytes.length] = to;
      const log = ShardLog.open(file, OWNER);
      for (const { key } of all) {
        const got = log.get(`k${key}`);
        const could = all.filter((one) => one.key === key).map(({ bytes }) => [...bytes]);
        if (got !== null) expect(could).toContainEqual([...got]);
      }
    }),
    { numRuns: 500 },
  );
});

it('knows each change of a byte by its hash', () => {
  const bytes = Uint8Array.from({ length: 37 }, (_, i) => i * 7);
  const hash = hashOf(bytes);
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = bytes.slice();
      changed[at] = (bytes[at] as number) ^ (1 << bit);
      expect(hashOf(changed)).not.toBe(hash);
    }
  }
  expect(hashOf(new Uint8Array([9, ...bytes]).subarray(1))).toBe(hash);
  expect(hashOf(new Uint8Array(3))).not.toBe(hashOf(new Uint8Array(4)));
});

it('takes no more than there is room for, and keeps what it has', () => {
  const file = written([{ key: 'a', bytes: new Uint8Array(10).fill(1) }]);
  const before = file.bytes.slice();
  file.room = before.length + 15; // the head of the next record fits in part
  const log = ShardLog.open(file, { ...OWNER, usedMs: OWNER.usedMs });
  expect(log.put('b', new Uint8Array(10))).toBe(false);
  file.room = before.length + 24; // and now its body in part
  expect(log.put('b', new Uint8Array(10))).toBe(false);
  expect(file.bytes).toEqual(before);
  expect(log.get('ka')).toEqual(new Uint8Array(10).fill(1));
  expect(log.get('b')).toBeNull();
  file.room = Number.POSITIVE_INFINITY;
  expect(log.put('b', new Uint8Array(10))).toBe(true);
});

it('says whose it is, and is begun anew for another', () => {
  const file = written([{ key: 'a', bytes: Uint8Array.of(1) }]);
  expect(ownerOf(file.bytes.slice(0, OWNER_BYTES))).toEqual(OWNER);
  const other = { model: 'https://other.example/', usedMs: 5 };
  const log = ShardLog.open(file, other);
  expect(log.get('ka')).toBeNull();
  expect(ownerOf(file.bytes)).toEqual(other);
  log.discard();
  expect(file.bytes).toHaveLength(0);
  for (const bytes of [0, 7, 15, 16, 40].map((length) => new Uint8Array(length)))
    expect(ownerOf(bytes)).toBeNull();
  const full = new MemoryFile();
  full.room = 10;
  expect(() => ShardLog.open(full, OWNER)).toThrow('The file takes no bytes.');
});
