/** The order that a test sends to each rank's thread, and its execution there. */

import { LabError, type LabErrorCode, messageOf } from '../../base/errors.ts';
import { Recorder, type Span } from '../../base/trace.ts';
import { Communicator } from '../communicator.ts';
import { failureScripts } from './failureScripts.ts';
import { type Case, scripts } from './scripts.ts';

const allScripts = { ...scripts, ...failureScripts };
export type ScriptName = keyof typeof allScripts;

export interface Order {
  readonly memory: WebAssembly.Memory;
  readonly rank: number;
  readonly timeoutMs: number;
  readonly script: ScriptName;
  /** One after another, with nothing between. */
  readonly testCases: readonly Case[];
  readonly valuesPerStep: number;
}

export interface Report {
  readonly rank: number;
  /** Of all cases, one after another. */
  readonly results: readonly Float32Array[];
  readonly spans: readonly Span[];
  readonly error: { code: LabErrorCode | 'unknown'; message: string; rank: number | undefined } | null;
  /** When the script ended, by the shared clock. */
  readonly endMs: number;
}

export async function work({
  memory,
  rank,
  timeoutMs,
  script,
  testCases,
  valuesPerStep,
}: Order): Promise<Report> {
  const recorder = new Recorder(rank, { valuesPerStep });
  const comm = new Communicator(memory, { rank, timeoutMs, recorder });
  const done = (results: Float32Array[], error: Report['error']): Report => ({
    rank,
    results,
    error,
    spans: recorder.take().spans,
    endMs: performance.timeOrigin + performance.now(),
  });
  try {
    const results: Float32Array[] = [];
    for (const testCase of testCases) results.push(...(await allScripts[script](comm, testCase)));
    return done(results, null);
  } catch (thrown) {
    const known = thrown instanceof LabError;
    return done([], {
      code: known ? thrown.code : 'unknown',
      message: messageOf(thrown),
      rank: known ? thrown.rank : undefined,
    });
  }
}
