/** What a download needs beside fetch(): to be tried again, and to go on where it was cut. */

import { LabError, messageOf } from '../base/errors.ts';
import { stopped } from './source.ts';

/** After a failure without any progress, milliseconds to wait for: a router starts again in this time, a person gives up. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000];

/**
 * Does it again, after a pause, while it fails by the network; a failure behind some progress begins the count anew.
 * @param work calls `progress` where it gets on
 * @param pausesMs between tries; behind the last of them it gives up
 * @throws LabError of `work` at once; `environment` where the network stays broken, `closed` where the signal ends it
 */
export async function retried<T>(
  signal: AbortSignal | undefined,
  work: (progress: () => void) => Promise<T>,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await work(() => {
        failures = 0;
      });
    } catch (thrown) {
      const end = stopped(signal);
      if (end !== null) throw end;
      if (thrown instanceof LabError) throw thrown;
      const pause = pausesMs[failures++];
      if (pause === undefined) throw unreachable(thrown);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Copies an answer's body as it arrives, up to what there is room for. @param onBytes hears of each part */
export async function bodyInto(
  response: Response,
  into: Uint8Array,
  onBytes: (count: number) => void,
): Promise<void> {
  const reader = response.body?.getReader();
  let at = 0;
  while (reader !== undefined && at < into.length) {
    const { done, value } = await reader.read();
    if (done) return;
    const part = value.subarray(0, into.length - at);
    into.set(part, at);
    at += part.length;
    onBytes(part.length);
  }
  await reader?.cancel();
}

/** Lets the connection go. */
export async function drop(response: Response): Promise<void> {
  await response.body?.cancel();
}

/** What `Content-Range: bytes 0-7/100` says; null where there is none, or the server lets no page of another origin see it. */
export function totalOf(
  response: Response,
): { readonly start: number; readonly total: number | null } | null {
  const [, start, total] =
    /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
  if (start === undefined || total === undefined) return null;
  return { start: Number(start), total: total === '*' ? null : Number(total) };
}

/** A page is not told why: no network, no such server, or a server that allows no page of another origin (CORS). */
function unreachable(cause: unknown): LabError {
  return new LabError(
    'environment',
    `The download broke, and trying again did not help (${messageOf(cause)}). Is there a network, does the ` +
      'address begin with https://, and does the server let pages of other origins read its files?',
    { cause },
  );
}
