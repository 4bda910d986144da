import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passes, specs, worldSizes } from '#program/testing/specs.ts';
import { textOf } from '#program/torch/line.ts';
import { torchScript } from '#program/torch/script.ts';
import { tokensOf } from './tokens.ts';

describe('tokensOf', () => {
  it('loses no character of any layer', () => {
    fc.assert(
      fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
        for (const text of torchScript(spec, worldSize, pass).map(textOf)) {
          const tokens = tokensOf(text).map((token) => token.text);
          expect(tokens.join('')).toBe(text);
        }
      }),
    );
  });
  it('tells the kinds apart', () => {
    const kinds = tokensOf('for i in f("a"): x1 = 1e-4  # in').map(
      ({ kind, text }) => `${kind}:${text.trim()}`,
    );
    expect(kinds).toEqual([
      'keyword:for',
      'plain:i',
      'keyword:in',
      'plain:f(',
      'string:"a"',
      'plain:): x1 =',
      'number:1e-4',
      'plain:',
      'comment:# in',
    ]);
  });
});
