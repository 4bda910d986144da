/** What somebody else wrote, in a sentence of ours: cut, for it may be of any length and depth. And lists in words. */

/** Characters that an error shows of a value: enough to recognise it by. */
const MOST = 60;

/** A value out of JSON, as JSON has it. */
export function shown(value: unknown): string {
  return cut(beginningOf(value, MOST + 1));
}

/** A text, as people typed it: “many”. */
export function quoted(text: string): string {
  return `“${cut(text)}”`;
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], word = 'and'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** A name of a foreign file. No emoji is cut in two. */
export function cut(text: string): string {
  if (text.length <= MOST) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
  return `${text.slice(0, end)}…`;
}

/** "Llama-3.2-1B" of the address of a model's folder, on a hub or elsewhere. */
export function nameOfAddress(address: string): string {
  const parts = address.replace(/\/(?:resolve|tree|blob)\/[^/]+\/?$/, '').split('/');
  const name = parts.findLast((part) => part !== '') ?? address;
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // its % is no escape
  }
}

/**
 * JSON of a value, of which only the first `room` characters are certain. JSON.stringify goes through all of it, and where
 * it is nested some thousand times it overflows the stack; here each level costs a character of the room.
 */
function beginningOf(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room));
  if (typeof value !== 'object' || value === null) return value === undefined ? 'nothing' : String(value);
  if (Array.isArray(value)) return inBrackets('[]', value, room, (item, left) => beginningOf(item, left));
  const names = Object.keys(value);
  return inBrackets('{}', names, room, (name, left) => {
    const named = `${JSON.stringify(name.slice(0, left))}:`;
    return named + beginningOf(Reflect.get(value, name), left - named.length);
  });
}

function inBrackets<T>(
  brackets: '[]' | '{}',
  items: readonly T[],
  room: number,
  write: (item: T, left: number) => string,
): string {
  let text = brackets.charAt(0);
  for (const [i, item] of items.entries()) {
    if (text.length >= room) return text;
    if (i > 0) text += ',';
    text += write(item, room - text.length);
  }
  return text + brackets.charAt(1);
}
