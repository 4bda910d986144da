import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatError,
  formatFloat,
  formatFlops,
  formatMs,
  formatShape,
  formatSpan,
} from './format.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [192, '192 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [10_000, '9.77 KiB'],
    [16 * 2 ** 20, '16 MiB'],
    [2 ** 24 + 2 ** 19, '16.5 MiB'],
    [1.25 * 2 ** 30, '1.25 GiB'],
  ])('%d', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatFlops', () => {
  it.each([
    [0, '0'],
    [768, '768'],
    [999, '999'],
    [1000, '1 k'],
    [12_288, '12.3 k'],
    [268_435_456, '268 M'],
    [999_600_000, '1 G'],
  ])('%d', (flops, text) => expect(formatFlops(flops)).toBe(text));
});

describe('formatMs', () => {
  it.each([
    [null, 'n/a'],
    [0, '0 ms'],
    [0.0004, '<0.001 ms'],
    [0.0421, '0.042 ms'],
    [0.4444, '0.44 ms'],
    [0.996, '1.0 ms'],
    [5.24, '5.2 ms'],
    [99.97, '100 ms'],
    [128.4, '128 ms'],
    [2412, '2.41 s'],
    [12_412, '12.4 s'],
  ])('%s', (ms, text) => expect(formatMs(ms)).toBe(text));
});

describe('formatFloat', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1.8342, '1.834'],
    [-0.0961, '−0.096'],
    [12.3456, '12.35'],
    [-123_456.7, '−123457'],
    [1234.56, '1235'],
    [2.5e7, '2.50e7'],
    [-3.25e-6, '−3.25e−6'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%d', (value, text) => expect(formatFloat(value)).toBe(text));
});

describe('formatError', () => {
  it.each([
    [0, '0'],
    [2.4e-7, '2.4e−7'],
    [0.0034, '3.4e−3'],
    [1.23456, '1.23'],
    [0.25, '0.25'],
    [123_456, '1.2e5'],
    [Number.NaN, 'NaN'],
  ])('%d', (value, text) => expect(formatError(value)).toBe(text));
});

it('formats shapes and counts', () => {
  expect(formatShape(8, 16)).toBe('8 × 16');
  expect(formatShape(2048, 0)).toBe('2,048 × 0');
  expect(formatCount(-1234.4)).toBe('−1,234');
});

it('formatSpan gives the least and the most where they differ', () => {
  expect(formatSpan([4096, 4096], formatBytes)).toBe('4 KiB');
  expect(formatSpan([3072, 4096], formatBytes)).toBe('3–4 KiB');
  expect(formatSpan([512, 4096], formatBytes)).toBe('512 B – 4 KiB');
  expect(formatSpan([0, 12], String)).toBe('0 – 12');
});
