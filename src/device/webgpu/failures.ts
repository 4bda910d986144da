/**
 * Errors of a GPU come late and elsewhere: as events, or as the end of a promise nobody waits for. This keeps each one
 * and throws it at the next operation or wait of the rank, so that a rank neither hangs nor goes on with wrong values.
 */

import { LabError, sentenceOf } from '../../base/errors.ts';

/** The most telling first: after an out-of-memory error every use of the buffer is a validation error too. */
const filters = ['out-of-memory', 'internal', 'validation'] as const satisfies GPUErrorFilter[];

export class Failures {
  readonly #gpu: GPUDevice;
  readonly #describeMemory: () => string;
  /** Ends the waits under way. A race with `gpu.lost` itself would leave something behind in it after every wait. */
  readonly #waits = new Set<(loss: LabError) => void>();
  #failure: LabError | null = null;
  #closed = false;

  /** @param describeMemory says what the device holds, for errors about memory. */
  constructor(gpu: GPUDevice, describeMemory: () => string) {
    this.#gpu = gpu;
    this.#describeMemory = describeMemory;
    void gpu.lost.then((info) => {
      const loss = this.#keep(this.#lossOf(info));
      for (const end of this.#waits) end(loss);
    });
    this.#openScopes();
  }

  /** Throws what went wrong so far, as far as it is known without waiting. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed) throw closedError();
  }

  /** From now on every operation throws LabError 'closed'. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Waits for `work`, which was submitted just before, and for the verdict on everything submitted until now.
   * @throws LabError 'device' for an error or a loss, before or during the wait; 'closed'.
   */
  async watch<T>(work: Promise<T>): Promise<T> {
    this.check();
    const verdict = this.#closeScopes();
    this.#openScopes();
    let end: (loss: LabError) => void = () => {};
    const loss = new Promise<never>((_, reject) => {
      end = reject;
    });
    this.#waits.add(end);
    try {
      const [result] = await Promise.race([Promise.all([work, verdict]), loss]);
      this.check();
      return result;
    } catch (cause) {
      // Where the device is lost, `work` may fail a moment before `lost` says why.
      await Promise.race([this.#gpu.lost, soon()]);
      this.check();
      throw this.#keep(deviceError(`The GPU failed: ${sentenceOf(cause)}`, cause));
    } finally {
      this.#waits.delete(end);
    }
  }

  #openScopes(): void {
    for (const filter of filters.toReversed()) this.#gpu.pushErrorScope(filter);
  }

  /** Keeps the first error since the scopes were opened. */
  async #closeScopes(): Promise<void> {
    const popped = filters.map(() => this.#gpu.popErrorScope());
    const errors = await Promise.all(popped.map((error) => error.catch(() => null))); // fails where the device is lost
    const error = errors.find((candidate) => candidate !== null);
    if (error === undefined) return;
    if (error instanceof GPUOutOfMemoryError) {
      this.#keep(
        deviceError(
          `The GPU has no memory left (${error.message}). ${this.#describeMemory()} ` +
            'Use smaller matrices or fewer ranks on this machine.',
        ),
      );
      return;
    }
    // By the specification a lost device has no errors, but Firefox 153 refuses whatever it is asked: tell the loss.
    await Promise.race([this.#gpu.lost, soon()]);
    this.#keep(deviceError(`The GPU refused an operation: ${error.message}`));
  }

  #lossOf(info: GPUDeviceLostInfo): LabError {
    if (this.#closed) return closedError();
    return deviceError(
      `The GPU device '${this.#gpu.label}' was lost (${info.reason}: ${info.message || 'no reason given'}). ` +
        `${this.#describeMemory()} Start again; use smaller matrices if it happens again.`,
    );
  }

  #keep(error: LabError): LabError {
    this.#failure ??= error;
    return error;
  }
}

function deviceError(message: string, cause?: unknown): LabError {
  return new LabError('device', message, cause === undefined ? {} : { cause });
}

function closedError(): LabError {
  return new LabError('closed', 'This device was closed; open another one.');
}

/** Long enough for a busy GPU process to say that a device is lost. */
function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2000));
}
