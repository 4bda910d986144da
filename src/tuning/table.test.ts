import { expect, test } from 'vitest';
import { classOf, shapeOf, shortened, USUAL_CLASSES } from './shapeClass.ts';
import { browserOf, keyText, readTable, type TunedTable, tunedFor, withTuned } from './table.ts';

const timed = { m: 64, k: 512, n: 512 };
const table: TunedTable = {
  adapter: 'maker architecture',
  browser: 'Chromium 156',
  kernels: '0123abcd',
  date: '2026-11-28T12:00:00.000Z',
  linear: {
    '64x2048x8192': {
      variant: 'tiles-64',
      guess: 'tiles-32',
      timed,
      mediansMs: [['tiles-64', 0.1]],
      refused: [],
    },
    '512x512x512': {
      variant: 'tiles-32',
      guess: 'tiles-32',
      timed,
      mediansMs: [],
      refused: [['tiles-256', 'is wrong']],
    },
  },
};

test('products of similar sizes are a class, up to powers of two', () => {
  expect(classOf({ m: 64, k: 2048, n: 8192 })).toBe('64x2048x8192');
  expect(classOf({ m: 33, k: 1025, n: 4097 })).toBe('64x2048x8192');
  expect(classOf({ m: 65, k: 2048, n: 8192 })).toBe('128x2048x8192');
  expect(classOf({ m: 5, k: 1, n: 1 })).toBe('8x64x64');
  expect(classOf({ m: 1e5, k: 1e5, n: 128_256 })).toBe('4096x4096x8192');
  expect(classOf({ m: 4, k: 4096, n: 4096 })).toBeNull();
});

test('a class names its largest product, and no other text does', () => {
  for (const cls of USUAL_CLASSES) expect(classOf(shapeOf(cls) ?? { m: 0, k: 0, n: 0 })).toBe(cls);
  for (const text of ['', '64x64', '63x64x64', '2x64x64', '64x64x64x64', '-64x64x64', '8192x64x64']) {
    expect(shapeOf(text), text).toBeNull();
  }
});

test('what lasts too long is cut at its longer side', () => {
  const shape = { m: 64, k: 2048, n: 8192 };
  expect(shortened(shape, 5, 5)).toEqual(shape);
  expect(shortened(shape, 40, 5)).toEqual({ m: 64, k: 2048, n: 1024 });
  expect(shortened({ m: 4096, k: 4096, n: 4096 }, 30, 5)).toEqual({ m: 2048, k: 4096, n: 1024 });
  expect(shortened(shape, 1e9, 5)).toEqual({ m: 64, k: 2048, n: 64 });
});

test('a table speaks for its classes and those near to them', () => {
  expect(tunedFor(table, { m: 64, k: 2048, n: 8192 })).toBe('tiles-64');
  expect(tunedFor(table, { m: 60, k: 2000, n: 3000 })).toBe('tiles-64');
  expect(tunedFor(table, { m: 512, k: 512, n: 1000 })).toBe('tiles-32');
  expect(tunedFor(table, { m: 16, k: 256, n: 256 })).toBeUndefined();
  expect(tunedFor(table, { m: 4, k: 2048, n: 8192 })).toBeUndefined();
  const own = { variant: 'tiles-128', guess: 'tiles-64', timed, mediansMs: [], refused: [] };
  expect(tunedFor(withTuned(table, '64x2048x4096', own), { m: 60, k: 2000, n: 3000 })).toBe('tiles-128');
});

test('another adapter, browser or text of a kernel is another key', () => {
  const keys = [
    table,
    { ...table, adapter: 'maker' },
    { ...table, browser: 'Chromium 157' },
    { ...table, kernels: '0123abce' },
  ].map(keyText);
  expect(new Set(keys).size).toBe(4);
});

test('names a browser by its engine and major version', () => {
  const of = (agent: string) => browserOf(`Mozilla/5.0 (X11; Linux x86_64) ${agent}`);
  expect(of('AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36')).toBe(
    'Chromium 156',
  );
  expect(of('AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0')).toBe(
    'Chromium 156',
  );
  expect(of('Gecko/20100101 Firefox/153.0')).toBe('Firefox 153');
  expect(of('AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15')).toBe('Safari 26');
  expect(browserOf('Something else')).toBe('Something else');
});

test('what is kept is a table, or nothing', () => {
  expect(readTable(structuredClone(table))).toEqual(table);
  const [cls, tuned] = Object.entries(table.linear)[0] ?? [];
  const damaged: unknown[] = [
    null,
    'text',
    [],
    {},
    { ...table, kernels: 7 },
    { ...table, linear: [] },
    { ...table, linear: { '63x1x1': tuned } },
    { ...table, linear: { [`${cls}`]: { variant: 'tiles-64' } } },
    { ...table, linear: { [`${cls}`]: { ...tuned, mediansMs: [['tiles-64', -1]] } } },
    { ...table, linear: { [`${cls}`]: { ...tuned, mediansMs: [['tiles-64']] } } },
    { ...table, linear: { [`${cls}`]: { ...tuned, refused: 'none' } } },
    { ...table, linear: { [`${cls}`]: { ...tuned, timed: { m: 64, k: 512 } } } },
  ];
  for (const one of damaged) expect(readTable(one), JSON.stringify(one)).toBeNull();
});
