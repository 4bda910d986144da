/** Operations that have a `start`: the row at which their first token stands, which the next pass moves on. */

import { type Operation, operations, type SizesOf } from './operations.ts';
import type { Operations } from './signatures.ts';

/** What an operation that has a `start` is at another one; null of those that have none. */
export function movedBy<Name extends keyof Operations>(
  name: Name,
  args: Parameters<Operations[Name]>,
): ((start: number) => Operation<SizesOf<Name>>) | null {
  const moved = movable[name as keyof typeof movable] as
    | ((start: number, ...args: Parameters<Operations[Name]>) => Operation<SizesOf<Name>>)
    | undefined;
  return moved === undefined ? null : (start) => moved(start, ...args);
}

/** Whether it is given a `start`: of its first row among those that there are. */
export function hasStart(name: keyof Operations): boolean {
  return name in movable;
}

const movable = {
  rope: (start, x, table, options) => operations.rope(x, table, { ...options, start }),
  attention: (start, q, k, v, options) => operations.attention(q, k, v, { ...options, start }),
  writeRows: (start, target, x) => operations.writeRows(target, x, start),
} satisfies {
  [Name in 'rope' | 'attention' | 'writeRows']: (
    start: number,
    ...args: Parameters<Operations[Name]>
  ) => Operation;
};
