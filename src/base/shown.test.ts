import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listed, nameOfAddress, quoted, shown } from './shown.ts';

const LONG = 'x'.repeat(1000);

describe('a value in an error', () => {
  it('is JSON, and cut where it is long', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const whole = JSON.stringify(value);
        const read: unknown = JSON.parse(whole); // without −0, of which JSON.stringify makes 0
        expect(shown(read)).toBe(whole.length > 60 ? `${whole.slice(0, 60)}…` : whole);
      }),
    );
  });

  it.each<[unknown, string]>([
    [undefined, 'nothing'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [LONG, `"${'x'.repeat(59)}…`],
    [{ [LONG]: 1 }, `{"${'x'.repeat(58)}…`],
  ])('%#', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('costs what is shown, however deep and wide it is', () => {
    const depth = 100_000;
    const deep: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    const wide = { deep, wide: Array.from({ length: depth }, () => LONG) };
    expect(shown(deep)).toBe(`${'['.repeat(60)}…`);
    expect(shown(wide)).toBe(`{"deep":${'['.repeat(52)}…`);
    const before = performance.now();
    for (let i = 0; i < 1000; i++) shown(wide.wide);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

it('quotes a text, and cuts a long one', () => {
  expect(quoted('many')).toBe('“many”');
  expect(quoted(LONG)).toBe(`“${'x'.repeat(60)}…”`);
  expect(quoted('👍'.repeat(100))).not.toMatch(/\p{Surrogate}/u);
});

it('lists in words', () => {
  const lists = [[], ['a'], ['a', 'b'], ['a', 'b', 'c']];
  expect(lists.map((items) => listed(items))).toEqual(['', 'a', 'a and b', 'a, b and c']);
  expect(listed(['a', 'b', 'c'], 'or')).toBe('a, b or c');
});

it('finds the name of a model in its address', () => {
  expect(nameOfAddress('https://huggingface.co/HuggingFaceTB/SmolLM2-135M/resolve/main/')).toBe(
    'SmolLM2-135M',
  );
  expect(nameOfAddress('/model/my%20model/')).toBe('my model');
  expect(nameOfAddress('https://models.example/100%/')).toBe('100%');
  expect(nameOfAddress('stories')).toBe('stories');
});
