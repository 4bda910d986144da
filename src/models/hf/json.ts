/** JSON that people paste. Where it is broken, the error says in which line and column, and what was needed there. */

import { LabError } from '../../base/errors.ts';

/** What may come next. */
type Need = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or close' | 'end';

const NEEDED: Record<Need, string> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes or "}"',
  colon: '":"',
  'comma or close': '"," or a closing bracket',
  end: 'the end',
};

/** One token after white space, as RFC 8259 has it: a mark, a string, or a number or literal. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a JSON string may not hold them
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?!\w)))/y;

/** @throws LabError 'input' with line and column where the text is not JSON */
export function parseJson(text: string): unknown {
  const json = text.replace(/^\uFEFF/, ''); // a byte order mark, as some editors leave it
  try {
    return JSON.parse(json);
  } catch (error) {
    const place = firstError(json);
    if (place === null) throw new LabError('input', 'config.json is not JSON.', { cause: error });
    const before = json.slice(0, place.at).split('\n');
    const where = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new LabError(
      'input',
      `config.json is not JSON: ${where} has ${foundAt(json, place.at)} where ${NEEDED[place.need]} is needed.`,
      { cause: error },
    );
  }
}

/** JSON.parse says differently in each browser where it stopped, or not at all: so the grammar is followed again. */
function firstError(json: string): { at: number; need: Need } | null {
  const open: ('{' | '[')[] = [];
  const afterValue = (): Need => (open.length === 0 ? 'end' : 'comma or close');
  let need: Need = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(json);
    if (match === null) {
      const rest = json.slice(at).search(/[^ \t\n\r]/);
      if (rest >= 0) return { at: at + rest, need };
      return need === 'end' ? null : { at: json.length, need };
    }
    const [token, mark, string] = match;
    const next = follow(mark ?? (string === undefined ? 'literal' : 'string'));
    if (next === null) return { at: at + token.search(/[^ \t\n\r]/), need };
    need = next;
    at += token.length;
  }

  /** What is needed after `token`, or null where it may not stand. */
  function follow(token: string): Need | null {
    const forValue = need === 'value' || need === 'value or ]';
    if (token === '{' || token === '[') {
      if (!forValue) return null;
      open.push(token);
      return token === '{' ? 'name or }' : 'value or ]';
    }
    if (token === '}' || token === ']') {
      const closes = need === 'comma or close' || need === (token === '}' ? 'name or }' : 'value or ]');
      if (!closes || open.pop() !== (token === '}' ? '{' : '[')) return null;
      return afterValue();
    }
    if (token === ',') {
      if (need !== 'comma or close') return null;
      return open.at(-1) === '{' ? 'name' : 'value';
    }
    if (token === ':') return need === 'colon' ? 'value' : null;
    if (token === 'string' && (need === 'name' || need === 'name or }')) return 'colon';
    return forValue ? afterValue() : null;
  }
}

/** The word or character at `at`, for people. */
function foundAt(json: string, at: number): string {
  if (at >= json.length) return 'its end';
  const [found = ''] = /^(?:[\w.+-]+|.)/su.exec(json.slice(at, at + 40)) ?? [];
  if (found === '"') {
    TOKEN.lastIndex = at;
    return TOKEN.test(json) ? 'a string' : 'a string that is not closed or holds an invalid character';
  }
  return `‘${found}’`;
}
