/** What may be wrong with the end of a case, and how it is told. */

export const KINDS = ['hang', 'leaked worker', 'wrong result', 'wrong name'] as const;

export interface Complaint {
  readonly kind: (typeof KINDS)[number];
  readonly text: string;
}

/** What came of a case. */
export interface Told {
  /** What befell whom, for people. */
  readonly name: string;
  readonly complaints: readonly Complaint[];
}

/** Counts cases and complaints. A case counts once for each kind. */
export class Tally {
  #faults = 0;
  readonly #counts = new Map<Complaint['kind'], number>();

  add(complaints: readonly Complaint[]): void {
    this.#faults++;
    for (const kind of new Set(complaints.map((complaint) => complaint.kind)))
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  get clean(): boolean {
    return this.#counts.size === 0;
  }

  /** "300 faults, 0 hangs, 0 leaked workers, 0 wrong results, 0 wrong names" */
  toString(): string {
    const counts = KINDS.map((kind) => `${this.#counts.get(kind) ?? 0} ${kind}s`);
    return [`${this.#faults} faults`, ...counts].join(', ');
  }
}
