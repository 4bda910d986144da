import { expect, it } from 'vitest';
import { describeValue } from './describe.ts';
import { messageOf } from './errors.ts';

it.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [-5, '−5'],
  [Number.NaN, 'NaN'],
  ['4', '“4”'],
  [true, 'true'],
  [10n, '10'],
  [Symbol('odd'), 'Symbol(odd)'],
  [{ code: 7 }, '{"code":7}'],
  [Object.create(null), '{}'],
  [[1, 'a'], '[1,"a"]'],
  [() => 1, 'a function'],
  [Promise.resolve(), 'a Promise'],
  [new Float32Array(1e6), 'a Float32Array'],
  ['x'.repeat(1000), `“${'x'.repeat(60)}…”`],
])('%o is %s', (value, words) => {
  expect(describeValue(value)).toBe(words);
});

it('describes what resists', () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  let nest: object = {};
  for (let i = 0; i < 100_000; i++) nest = { nest };
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error('no');
      },
    },
  );
  expect(describeValue(circle)).toMatch(/^\{"self":\{"self":.{40,}…$/);
  expect(describeValue(nest)).toMatch(/^\{"nest":\{"nest":.{40,}…$/);
  expect(describeValue(hostile)).toBe('an object');
});

it('finds words for whatever was thrown', () => {
  expect(messageOf(new Error('out of cheese'))).toBe('out of cheese');
  expect(messageOf(new RangeError(), 'run()')).toBe('run() threw RangeError without a message');
  expect(messageOf(Object.assign(new Error(), { message: {}, name: 1 }))).toBe(
    'It threw an Error without a message',
  );
  expect(messageOf('out of cheese', 'run()')).toBe('run() threw “out of cheese”, which is no Error');
  expect(messageOf(undefined)).toBe('It threw undefined, which is no Error');
});
