/** Which page a hash names. The page's own state follows as a query: `#/split?ranks=4`. */

export const HOME = 'split';

/** The page that a location's hash names; home where it names none. */
export function pageIdOf(hash: string): string {
  const [path = ''] = hash.replace(/^#\/?/, '').split('?');
  return path.replace(/\/+$/, '') || HOME;
}

/** The query of a location's hash. */
export function queryOf(hash: string): URLSearchParams {
  const at = hash.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : hash.slice(at + 1));
}
