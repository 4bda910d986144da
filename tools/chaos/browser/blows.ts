/** What may befall a rank: told by the page, done by chaos.rank.ts. */

/** In the message of everything that is thrown and has one. */
export const CHEESE = 'out of cheese';

/** In its first moments, before its program is there. */
export interface Before {
  readonly does: 'throw' | 'hang' | 'close' | 'throw in a timer';
}

export type Blow =
  | { readonly kind: 'throw'; readonly what: ThrownName }
  | { readonly kind: 'hang' }
  /** Leaves its thread in an endless loop. */
  | { readonly kind: 'spin' }
  /** Ends its own worker. */
  | { readonly kind: 'close' }
  | { readonly kind: 'throw in a timer'; readonly afterMs: number; readonly returns: boolean }
  /** A promise that nobody waits for. */
  | { readonly kind: 'reject' }
  | { readonly kind: 'return what cannot be sent'; readonly deep: boolean }
  /** As a program refuses an input. */
  | { readonly kind: 'refuse'; readonly tokens: number }
  | { readonly kind: 'refuse in a collective' }
  | { readonly kind: 'post nonsense' }
  | { readonly kind: 'lose the device' };

/** JavaScript lets anything be thrown. */
export const THROWN = {
  'an error': () => new TypeError(CHEESE),
  'an error that is frozen': () => Object.freeze(new RangeError(CHEESE)),
  'an error that causes itself': () => {
    const error = new Error(CHEESE);
    error.cause = error;
    return error;
  },
  'a DOMException': () => new DOMException(CHEESE, 'AbortError'),
  'a string': () => CHEESE,
  'a number': () => 42,
  nothing: () => undefined,
  null: () => null,
  'a symbol': () => Symbol(CHEESE),
  'a function': () => () => CHEESE,
  'an object': () => ({ cheese: 0 }),
  'an object without a prototype': () => Object.create(null) as object,
  'an error without a message': () => Object.defineProperty(new Error(), 'message', { value: undefined }),
  'an error whose message throws': () =>
    Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('there is no message');
      },
    }),
} satisfies Record<string, () => unknown>;

export type ThrownName = keyof typeof THROWN;
export const THROWN_NAMES = Object.keys(THROWN) as ThrownName[];
