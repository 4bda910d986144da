import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { parseJson } from './json.ts';

function messageOf(text: string): string | null {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    if (error instanceof LabError && error.code === 'input') return error.message;
    throw error;
  }
}

describe('parseJson', () => {
  it.each([
    ['', 'line 1, column 1 has its end where a value is needed'],
    ['{\n  "a": 1,\n}', 'line 3, column 1 has ‘}’ where a name in double quotes is needed'],
    ["{'a': 1}", 'line 1, column 2 has ‘\'’ where a name in double quotes or "}" is needed'],
    ['{"a": None}', 'line 1, column 7 has ‘None’ where a value is needed'],
    ['{"a": NaN}', 'line 1, column 7 has ‘NaN’ where a value is needed'],
    ['{"a": True}', 'line 1, column 7 has ‘True’ where a value is needed'],
    ['{"a": 01}', 'line 1, column 7 has ‘01’ where a value is needed'],
    ['{"a": 1', 'line 1, column 8 has its end where "," or a closing bracket is needed'],
    ['{"a" 1}', 'line 1, column 6 has ‘1’ where ":" is needed'],
    ['{"a": [1, 2}', 'line 1, column 12 has ‘}’ where "," or a closing bracket is needed'],
    ['{"a": [1 2]}', 'line 1, column 10 has ‘2’ where "," or a closing bracket is needed'],
    ['{"a": [,]}', 'line 1, column 8 has ‘,’ where a value or "]" is needed'],
    ['{"a": "b\nc"}', 'line 1, column 7 has a string that is not closed or holds an invalid character'],
    ['{"a": 1 "b": 2}', 'line 1, column 9 has a string where "," or a closing bracket is needed'],
    ['{} x', 'line 1, column 4 has ‘x’ where the end is needed'],
    ['config = {}', 'line 1, column 1 has ‘config’ where a value is needed'],
    ['{"a": 1, // old\n"b": 2}', 'line 1, column 10 has ‘/’ where a name in double quotes is needed'],
  ])('%j: %s', (text, message) => {
    expect(messageOf(text)).toContain(`config.json is not JSON: ${message}`);
  });

  it('takes a byte order mark', () => {
    expect(parseJson('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  });

  it('takes what JSON.parse takes, and finds a place in everything else', () => {
    const cutOrMarked = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', ',', '}', '"', '0', '\\', '\u0001', 'x', '-'),
      )
      .map(([json, at, mark]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + mark + json.slice(place + 1);
      });
    fc.assert(
      fc.property(cutOrMarked, (text) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          expect(messageOf(text)).toMatch(/ line \d+, column \d+ has /);
          return;
        }
        expect(parseJson(text)).toEqual(parsed);
      }),
      { numRuns: 2000 },
    );
  });
});
