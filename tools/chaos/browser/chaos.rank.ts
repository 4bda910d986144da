/** A rank to which things happen. */

import { hash32 } from '../../../src/numerics/random.ts';
import { type Device, LabError, serve } from '../../../src/rank/index.ts';
import { perform } from '../perform.ts';
import type { Step } from '../steps.ts';
import { type Before, type Blow, CHEESE, THROWN } from './blows.ts';

export interface ChaosProgram {
  /** Goes through the steps and computes a little; returns a sentence for each result that is wrong. */
  work(steps: readonly Step[], stream: number): Promise<string[]>;
  /** The blow befalls one rank, or every one; the others wait for it in a collective, or return at once. */
  befall(blow: Blow, rank: number | 'all', others: 'wait' | 'return'): Promise<unknown>;
  /** Takes what it is given, for a caller who gives what cannot be sent. */
  take(argument: unknown): Promise<void>;
}

let before: Before | null = null;
/** This listener is there before Comlink's, which passes over what is none of its messages. */
addEventListener('message', ({ data }: MessageEvent<{ before?: Before } | null>) => {
  before = data?.before ?? before;
});

/** The device of this worker, which a blow may take away. */
let gpu: GPUDevice | null = null;
if ('GPUAdapter' in globalThis) {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    gpu = await requestDevice.apply(this, args);
    return gpu;
  };
}

serve(async ({ rank, comm, device }): Promise<ChaosProgram> => {
  if (before !== null) await befallInit(before);

  async function strike(blow: Blow): Promise<unknown> {
    switch (blow.kind) {
      case 'throw':
        throw THROWN[blow.what]();
      case 'hang':
        return forever();
      case 'spin':
        for (;;);
      case 'close':
        close();
        return forever();
      case 'throw in a timer':
        throwLater(blow.afterMs);
        return blow.returns ? undefined : forever();
      case 'reject':
        void Promise.reject(new TypeError(CHEESE));
        return forever();
      case 'return what cannot be sent':
        return blow.deep ? { cheese: [() => CHEESE] } : () => CHEESE;
      case 'refuse':
        throw new LabError('input', `The prompt has ${blow.tokens} tokens; it may have 4. Make it shorter.`);
      case 'refuse in a collective':
        return comm.broadcast(new Float32Array(3), comm.worldSize);
      case 'post nonsense':
        for (const nonsense of [null, 'cheese', { id: 'cheese' }, { type: 'RAW', value: 1 }, [CHEESE]])
          postMessage(nonsense);
        return undefined;
      case 'lose the device':
        gpu?.destroy();
        return multiply(device, 1);
      default:
        return blow satisfies never;
    }
  }

  return {
    async work(steps, stream) {
      const wrong: (string | null)[] = [];
      for (const [at, step] of steps.entries()) {
        if (comm.worldSize === 1 && (step.kind === 'relay' || step.kind === 'shift')) continue;
        wrong.push(await perform(comm, step, hash32(stream, at)));
      }
      wrong.push(await multiply(device, stream));
      return wrong.filter((text) => text !== null);
    },

    async befall(blow, whom, others) {
      if (whom === 'all' || whom === rank) return strike(blow);
      if (others === 'wait') await comm.allReduce(new Float32Array(10));
      return undefined;
    },

    async take() {},
  };
});

/** [2, 3] · [2, 3]ᵀ of small integers, which every device computes exactly. */
async function multiply(device: Device, stream: number): Promise<string | null> {
  const values = Float32Array.from({ length: 6 }, (_, i) => hash32(stream, i) % 9);
  const x = device.tensor(values, [2, 3]);
  const y = device.linear(x, x);
  const product = await device.read(y);
  const row = (i: number): Float32Array => values.subarray(3 * i, 3 * i + 3);
  const expected = [0, 1].flatMap((i) =>
    [0, 1].map((j) => row(i).reduce((sum, v, k) => sum + v * (row(j)[k] ?? 0), 0)),
  );
  const right = expected.every((value, i) => value === product[i]);
  const wrong = right ? null : `x·xᵀ is ${product.join()} instead of ${expected.join()}`;
  device.free(x, y);
  return wrong;
}

async function befallInit({ does }: Before): Promise<void> {
  switch (does) {
    case 'throw':
      throw new TypeError(CHEESE);
    case 'hang':
      return forever();
    case 'close':
      close();
      return forever();
    case 'throw in a timer':
      throwLater(0);
      return forever();
    default:
      does satisfies never;
  }
}

/** Where nobody catches it. */
function throwLater(afterMs: number): void {
  setTimeout(() => {
    throw new TypeError(CHEESE);
  }, afterMs);
}

function forever(): Promise<never> {
  return new Promise(() => {});
}
