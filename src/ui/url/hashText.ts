/** The pieces that the links of all pages are made of. */

/** `#/split?ranks=3`; commas stay readable. */
export function hashOf(page: string, query: URLSearchParams): string {
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? `#/${page}` : `#/${page}?${text}`;
}

/** An index written in digits; null where it is missing or anything else. */
export function indexOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
