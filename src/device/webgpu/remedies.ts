/**
 * A browser finds out late that a GPU is done: it looks when a command arrives, and else by a timer. What makes it look
 * sooner, for whom, and when it may go.
 *
 * - Chromium 156 on a real GPU looks every 2 ms. Remedy: the round trip of an error scope. On an H200 an all_reduce of
 *   4 KiB on 2 ranks takes 630 in place of 3,230 µs, a block on 4 ranks 7,652 in place of 11,140. It may go when a wait
 *   for a kernel of 0.1 ms, with two devices, takes less than a millisecond without it.
 * - Chromium 156 on SwiftShader: none. The round trips take the processor from the adapter, and all gets 2 to 5 times
 *   slower.
 * - Firefox 153 looks every 100 ms (bugzilla 1870699, "Don't poll WebGPU from a timer"). Remedy: an empty submission each
 *   millisecond, as jax-js does. A block in one go on 1, 2, 4 ranks of lavapipe takes 34, 45, 100 ms in place of 300. It
 *   may go with that bug.
 * - Safari: not measured, so left alone.
 */

/** Makes the browser look once. A promise where that takes a round trip. */
export type Remedy = (gpu: GPUDevice) => Promise<unknown>;

/** A wait that takes longer is for work that lasts: then once a millisecond will do. */
const HURRIED_MS = 20;

/** The remedy for this browser and adapter; null where it is best left alone. */
export function remedyFor(software: boolean, userAgent: string): Remedy | null {
  if (/\bFirefox\//.test(userAgent)) return submitNothing;
  return /\bChrome\//.test(userAgent) && !software ? askForErrors : null;
}

/** Waits for `work`, and keeps the browser looking meanwhile. */
export async function hurried<T>(work: Promise<T>, gpu: GPUDevice, remedy: Remedy): Promise<T> {
  let settled = false;
  const end = (): void => {
    settled = true;
  };
  work.then(end, end);
  const since = performance.now();
  while (!settled) {
    await remedy(gpu).catch(aMillisecond); // where the device is lost, the work itself tells
    if (!settled && performance.now() - since > HURRIED_MS) await aMillisecond();
  }
  return work;
}

async function askForErrors(gpu: GPUDevice): Promise<void> {
  gpu.pushErrorScope('validation');
  await gpu.popErrorScope();
}

async function submitNothing(gpu: GPUDevice): Promise<void> {
  gpu.queue.submit([]);
  await aMillisecond();
}

function aMillisecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
