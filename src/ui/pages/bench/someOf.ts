/** Options of a list to choose from: thousands take long to make, and nobody would look through them. */
const MOST = 300;

/** The first of all, and the one that is chosen. */
export function someOf<T>(all: readonly T[], isChosen: (one: T) => boolean): readonly T[] {
  return all.length <= MOST ? all : all.filter((one, i) => i < MOST || isChosen(one));
}
