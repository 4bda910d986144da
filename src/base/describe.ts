/** Puts values of any kind into a sentence, whatever they are: a wrong option, or what somebody threw. */

import { quoted, shown } from './shown.ts';

/** −5, NaN, “4”, {"code":7}, a Promise, undefined. Never throws, and never gets long. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return String(value).replace('-', '−');
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return String(value); // undefined, a boolean, a bigint, a symbol
  }
}

function describeObject(value: object): string {
  try {
    const { name } = value.constructor ?? Object;
    if (name !== 'Object' && name !== 'Array') return `a ${name}`;
    return shown(value);
  } catch {
    return 'an object'; // it resists
  }
}

/** Why nobody can wait so long; null where one can. Without an end, one would wait for ever for what is lost. */
export function timeoutProblem(timeoutMs: unknown): string | null {
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && Number.isFinite(timeoutMs)) return null;
  return `timeoutMs is ${describeValue(timeoutMs)}; it must be a number of milliseconds above 0, and not without end.`;
}
