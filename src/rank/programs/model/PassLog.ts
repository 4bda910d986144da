/** What a rank recorded of its last passes, until the page asks for it: no pass waits for that, and nothing is copied. */

import type { RecordedPass } from '../../../protocol.ts';

export class PassLog {
  readonly #most: number;
  #passes: RecordedPass[] = [];
  #spans = 0;

  /** @param most spans that it keeps, where the last pass has no more; the oldest passes go first */
  constructor(most: number) {
    this.#most = most;
  }

  add(pass: RecordedPass): void {
    this.#passes.push(pass);
    this.#spans += pass.spans.length;
    while (this.#spans > this.#most && this.#passes.length > 1)
      this.#spans -= this.#passes.shift()?.spans.length ?? 0;
  }

  /** From the oldest on. */
  get passes(): readonly RecordedPass[] {
    return this.#passes;
  }
}
