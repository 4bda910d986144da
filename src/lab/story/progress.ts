/** What a learner has answered, kept in the browser. */

const KEY = 'ringside-story';

export interface Answered {
  /** The round that was answered last, and whether that was right at the first try. */
  readonly round: number;
  readonly right: boolean;
}

/** By the chapter's id. */
export type Progress = Readonly<Record<string, Answered>>;

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** Nothing where there is none, where it is no progress, or where storage is blocked. */
export function readProgress(shelf: () => Shelf): Progress {
  try {
    const kept: unknown = JSON.parse(shelf().getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, Answered] => isAnswered(entry[1])),
    );
  } catch {
    return {};
  }
}

export function keepProgress(shelf: () => Shelf, progress: Progress): void {
  try {
    shelf().setItem(KEY, JSON.stringify(progress));
  } catch {
    // Storage is blocked: the progress lasts as long as the page.
  }
}

function isAnswered(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'round' in value &&
    Number.isInteger(value.round) &&
    'right' in value &&
    typeof value.right === 'boolean'
  );
}
