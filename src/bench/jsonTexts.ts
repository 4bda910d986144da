/** Texts of JSON as programs leave them: one value, several behind each other, and what Python writes beside the standard. */

import { LabError, sentenceOf } from '../base/errors.ts';

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The values of a text that holds one or several of JSON, with nothing but space between. */
export function jsonValues(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (thrown) {
    const parts = balancedParts(standard(text));
    try {
      if (parts.length > 0) return parts.map((part) => JSON.parse(part));
    } catch {
      // What is wrong with the whole is the better answer.
    }
    throw new LabError('input', `The file is neither JSON nor CSV of a benchmark: ${sentenceOf(thrown)}`);
  }
}

/**
 * Cuts behind each bracket that closes the outermost one. By hand, for in a text whose quotes do not close a regular
 * expression would begin anew at each.
 */
function balancedParts(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '"') quoted = !quoted;
    else if (quoted && letter === '\\') at++;
    else if (!quoted && (letter === '{' || letter === '[')) depth++;
    else if (!quoted && (letter === '}' || letter === ']') && --depth <= 0) {
      parts.push(text.slice(start, at + 1));
      start = at + 1;
      depth = 0;
    }
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? parts : [...parts, rest];
}

const PYTHON: readonly (readonly [word: string, json: string])[] = [
  ['-Infinity', 'null'],
  ['Infinity', '"inf"'],
  ['NaN', 'null'],
];

/** Python's json writes Infinity and NaN, which JSON has no words for: here "inf", as vLLM has it, and null. */
function standard(text: string): string {
  if (!PYTHON.some(([word]) => text.includes(word))) return text;
  const parts: string[] = [];
  let [start, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '"') quoted = !quoted;
    else if (quoted && letter === '\\') at++;
    const found = quoted ? undefined : PYTHON.find(([word]) => text.startsWith(word, at));
    if (found === undefined) continue;
    const [word, json] = found;
    parts.push(text.slice(start, at), json);
    start = at + word.length;
    at = start - 1;
  }
  return parts.join('') + text.slice(start);
}
