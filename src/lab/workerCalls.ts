/**
 * Calls from the page to a worker of its own that is no rank. Plain messages and not Comlink, by which a call to a worker
 * that did not start, or was ended, never settles.
 */

import { invariant } from '../base/errors.ts';
import type { Outcome } from '../protocol.ts';
import { outcomeOf, valueIn } from './outcome.ts';

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  /** Of the call. */
  readonly id: number;
  readonly outcome: Outcome<unknown>;
}

interface Waits {
  resolve(outcome: Outcome<unknown>): void;
  reject(reason: Error): void;
}

type ArgumentsOf<Method> = Method extends (...args: infer Args) => unknown ? Args : never;
type ResultOf<Method> = Method extends (...args: never) => infer Result ? Awaited<Result> : never;

/** In the worker: these methods answer the page's calls. */
export function answerCalls(methods: object): void {
  addEventListener('message', async ({ data: { id, method, args } }: MessageEvent<Call>) => {
    const outcome = await outcomeOf(() => {
      const member: unknown = Reflect.get(methods, method);
      invariant(typeof member === 'function', () => `the worker has no method ${method}()`);
      return Reflect.apply(member, methods, args);
    });
    postMessage({ id, outcome } satisfies Answer);
  });
}

/** @template Methods that the worker passes to answerCalls() */
export class CalledWorker<Methods> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waits>();
  #calls = 0;
  #ended: Error | null = null;

  /** @param broken the failure of a worker that did not start, or that threw where it answers nobody, in our words */
  constructor(worker: Worker, broken: (why: string) => Error) {
    this.#worker = worker;
    worker.onmessage = ({ data: { id, outcome } }: MessageEvent<Answer>) => {
      this.#waiting.get(id)?.resolve(outcome);
      this.#waiting.delete(id);
    };
    worker.onerror = ({ message }) => this.end(broken(message || 'its worker did not start')); // of which a browser tells nothing
  }

  /** @throws LabError as the method does; what `broken` says, or the reason of its end */
  async call<Name extends keyof Methods & string>(
    method: Name,
    ...args: ArgumentsOf<Methods[Name]>
  ): Promise<ResultOf<Methods[Name]>> {
    if (this.#ended !== null) throw this.#ended;
    const call: Call = { id: this.#calls++, method, args };
    const outcome = await new Promise<Outcome<unknown>>((resolve, reject) => {
      this.#waiting.set(call.id, { resolve, reject });
      this.#worker.postMessage(call);
    });
    return valueIn(outcome) as ResultOf<Methods[Name]>;
  }

  /** Ends the worker. Calls that wait for it, and later ones, fail with the reason. */
  end(reason: Error): void {
    this.#worker.terminate();
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
