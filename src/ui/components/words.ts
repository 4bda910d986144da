/** Words for numbers, and sentences whose strong words are the numbers to look for. */

/** Words; the strong ones are the numbers to look for in the picture. */
export type Phrase = string | { readonly strong: string };

export interface Sentence {
  readonly title: string;
  readonly body: readonly Phrase[];
}

const NUMBER_WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** one … ten, then digits. */
export function numberWord(value: number): string {
  return NUMBER_WORDS[value] ?? value.toLocaleString('en');
}

/** 2,048; … while something is being typed that is no number. */
export function typed(value: number): string {
  return Number.isNaN(value) ? '…' : value.toLocaleString('en');
}

/** "1 rank", "4 ranks", "2,048 columns". */
export function counted(value: number, noun: string): string {
  return `${typed(value)} ${value === 1 ? noun : `${noun}s`}`;
}

/** "4 columns", or "3 or 2 columns" where the ranks' shares differ. */
export function shareOf(lengths: readonly number[], noun: string): string {
  const [most = 0, ...fewer] = [...new Set(lengths)].sort((a, b) => b - a);
  const head = [most, ...fewer].map((length) => length.toLocaleString('en')).join(' or ');
  return fewer.length === 0 ? counted(most, noun) : `${head} ${noun}s`;
}

/** "twice", "4 times". */
export function timesWord(count: number): string {
  return count === 2 ? 'twice' : `${count} times`;
}

/** "four workers ([[rank|ranks]])", with the term marked. */
export function workersOf(ranks: number): string {
  if (ranks === 1) return 'one worker (a [[rank]])';
  // A link may ask for any number, of which the page says that it cannot be.
  const isCount = Number.isInteger(ranks) && ranks >= 1 && ranks <= 8;
  return `${isCount ? numberWord(ranks) : 'several'} workers ([[rank|ranks]])`;
}
