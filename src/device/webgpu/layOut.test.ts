import { describe, expect, test } from 'vitest';
import { layOut, layOutUploads } from './layOut.ts';

const ops = [
  { name: 'linear', startMs: 100, flops: 50 },
  { name: 'add', startMs: 101, flops: 5 },
  { name: 'linear', startMs: 102, flops: 50 },
];
const ms = (begin: number, end: number) => ({
  begin: BigInt(Math.round(begin * 1e6)),
  end: BigInt(Math.round(end * 1e6)),
});

describe('layOut', () => {
  test('one operation lasts from its submission to the observed end', () => {
    const [op] = ops.slice(0, 1);
    expect(layOut(ops.slice(0, 1), null, 110)).toEqual([
      { lane: 'device', name: 'linear', startMs: 100, endMs: 110, flops: 50 },
    ]);
    expect(layOut(op === undefined ? [] : [op], [ms(5, 7.5)], 110)).toEqual([
      { lane: 'device', name: 'linear', startMs: 100, endMs: 110, flops: 50, gpuMs: 2.5 },
    ]);
  });

  test('several lie as the GPU clock has them, the last one ending at the observed end', () => {
    expect(layOut(ops, [ms(1, 3), ms(3, 4), ms(5, 7)], 110)).toEqual([
      { lane: 'device', name: 'linear', startMs: 104, endMs: 106, flops: 50, gpuMs: 2 },
      { lane: 'device', name: 'add', startMs: 106, endMs: 107, flops: 5, gpuMs: 1 },
      { lane: 'device', name: 'linear', startMs: 108, endMs: 110, flops: 50, gpuMs: 2 },
    ]);
  });

  test('several never begin before the first was submitted, however the GPU rounds', () => {
    expect(layOut(ops, [ms(1, 3), ms(3, 4), ms(5, 17)], 110).map((span) => span.startMs)).toEqual([
      100, 100, 100,
    ]);
  });

  test('several without a usable GPU clock are one span', () => {
    const joined = [{ lane: 'device', name: 'linear ×2, add', startMs: 100, endMs: 110, flops: 105 }];
    expect(layOut(ops, null, 110)).toEqual(joined);
    expect(layOut(ops, [ms(3, 1), ms(3, 4), ms(5, 7)], 110)).toEqual(joined);
    expect(layOut(ops, [ms(1, 3), ms(0, 0), ms(5, 7)], 110)).toEqual(joined);
    expect(layOut(ops, [ms(1, 3), ms(2, 4), ms(5, 7)], 110)).toEqual(joined);
  });

  test('none are none', () => {
    expect(layOut([], [], 110)).toEqual([]);
  });
});

describe('layOutUploads', () => {
  const uploads = [
    { startMs: 10, endMs: 11, bytes: 40 },
    { startMs: 12, endMs: 15, bytes: 8 },
  ];

  test('uploads alone last together until their observed end', () => {
    expect(layOutUploads(uploads, 20)).toEqual([
      { lane: 'device', name: 'upload', startMs: 10, endMs: 20, bytes: 48 },
    ]);
    expect(layOutUploads([], 20)).toEqual([]);
  });

  test('behind an operation nobody sees their end: the host’s side of each remains', () => {
    expect(layOutUploads(uploads, null)).toEqual(
      uploads.map((upload) => ({ lane: 'device', name: 'upload', ...upload })),
    );
  });
});
