import { describe, expect, test } from 'vitest';
import { type ComputePass, layOut, layOutUploads } from './layOut.ts';

const ops = [
  { op: 'linear', startMs: 100, flops: 50 },
  { op: 'add', startMs: 101, flops: 5 },
  { op: 'linear', startMs: 102, flops: 50 },
] as const;
const passes = ops.map((op): ComputePass => [op]);
const BATCH = [
  { op: 'linear', count: 2 },
  { op: 'add', count: 1 },
];
const ms = (begin: number, end: number) => ({
  begin: BigInt(Math.round(begin * 1e6)),
  end: BigInt(Math.round(end * 1e6)),
});

describe('layOut', () => {
  test('one operation lasts from its submission to the observed end', () => {
    expect(layOut(passes.slice(0, 1), null, 110)).toEqual([
      { kind: 'op', op: 'linear', startMs: 100, endMs: 110, flops: 50 },
    ]);
    expect(layOut(passes.slice(0, 1), [ms(5, 7.5)], 110)).toEqual([
      { kind: 'op', op: 'linear', startMs: 100, endMs: 110, flops: 50, gpuMs: 2.5 },
    ]);
  });

  test('several lie as the GPU clock has them, the last one ending at the observed end', () => {
    expect(layOut(passes, [ms(1, 3), ms(3, 4), ms(5, 7)], 110)).toEqual([
      { kind: 'op', op: 'linear', startMs: 104, endMs: 106, flops: 50, gpuMs: 2 },
      { kind: 'op', op: 'add', startMs: 106, endMs: 107, flops: 5, gpuMs: 1 },
      { kind: 'op', op: 'linear', startMs: 108, endMs: 110, flops: 50, gpuMs: 2 },
    ]);
  });

  test('several never begin before the first was submitted, however the GPU rounds', () => {
    expect(layOut(passes, [ms(1, 3), ms(3, 4), ms(5, 17)], 110).map((span) => span.startMs)).toEqual([
      100, 100, 100,
    ]);
  });

  test('several without a usable GPU clock are one span', () => {
    const joined = [{ kind: 'batch', ops: BATCH, startMs: 100, endMs: 110, flops: 105 }];
    expect(layOut(passes, null, 110)).toEqual(joined);
    expect(layOut(passes, [ms(3, 1), ms(3, 4), ms(5, 7)], 110)).toEqual(joined);
    expect(layOut(passes, [ms(1, 3), ms(0, 0), ms(5, 7)], 110)).toEqual(joined);
    expect(layOut(passes, [ms(1, 3), ms(2, 4), ms(5, 7)], 110)).toEqual(joined);
  });

  test('operations of one pass are one span, with the time of that pass', () => {
    expect(layOut([[ops[0], ops[1]], [ops[2]]], [ms(1, 4), ms(5, 7)], 110)).toEqual([
      {
        kind: 'batch',
        ops: [
          { op: 'linear', count: 1 },
          { op: 'add', count: 1 },
        ],
        startMs: 104,
        endMs: 107,
        flops: 55,
        gpuMs: 3,
      },
      { kind: 'op', op: 'linear', startMs: 108, endMs: 110, flops: 50, gpuMs: 2 },
    ]);
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
    expect(layOutUploads(uploads, 20)).toEqual([{ kind: 'upload', startMs: 10, endMs: 20, bytes: 48 }]);
    expect(layOutUploads([], 20)).toEqual([]);
  });

  test('behind an operation nobody sees their end: the host’s side of each remains', () => {
    expect(layOutUploads(uploads, null)).toEqual(uploads.map((upload) => ({ kind: 'upload', ...upload })));
  });
});
