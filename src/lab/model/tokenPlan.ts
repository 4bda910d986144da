/** What each rank will say to the others for one token: predicted, to be held against what it said. */

import { type Carrier, carrierOf } from '../../collectives/algorithm.ts';
import { type CollectiveSizes, readsOf } from '../../collectives/work.ts';
import { bytesOf } from '../../numerics/dtype.ts';
import { sum } from '../../numerics/ranges.ts';
import { type LayerPlan, type PlannedCollective, stepsOf } from '../../program/plan.ts';
import type { Spent } from '../../protocol.ts';
import type { Wanted } from '../../sampling/top.ts';

export interface PlannedCall {
  readonly kind: string;
  /** Of the whole buffer. */
  readonly bytes: number;
  /** What this rank reads from the others. */
  readonly readBytes: number;
}

/**
 * By rank.
 * @param plan of a pass of one token
 * @param wanted of the logits: of the largest k, each rank says 2·k + 1 floats, values, indices and a sum; see topK
 * @param asked how every all_reduce is made; on one device, where the ranks' tensors lie side by side, nobody reads what
 *   others sent
 */
export function tokenPlan(plan: LayerPlan, wanted: Wanted, asked: Carrier | 'auto'): PlannedCall[][] {
  const inFull = stepsOf(plan).filter((step) => step.kind === 'collective');
  const counts = Array.from({ length: plan.worldSize }, () => (wanted === 'all' ? 0 : 2 * wanted + 1));
  const collectives = inFull.map((step) =>
    wanted !== 'all' && step === inFull.at(-1) && step.collective === 'all_gather'
      ? { ...step, length: sum(counts), counts }
      : step,
  );
  return Array.from({ length: plan.worldSize }, (_, rank) =>
    collectives.map((step) => {
      const bytes = bytesOf(step.length, 'f32');
      const carrier = carrierOf(step.collective, bytes, plan.worldSize, asked);
      const reads = carrier === 'one-device' ? 0 : readsOf(sizesOf(step), rank, carrier);
      return { kind: step.collective, bytes, readBytes: bytesOf(reads, 'f32') };
    }),
  );
}

/** What of a token's pass was otherwise on a rank, in a sentence; null where nothing was. */
export function differenceFrom(
  planned: readonly PlannedCall[],
  { collectives, readBytes }: Spent,
): string | null {
  const [wanted, made] = [callsOf(planned), callsOf(collectives)];
  if (made !== wanted) return `planned ${wanted}; made ${made}`;
  const bytes = readBytesOf(planned);
  return bytes === readBytes ? null : `planned to read ${bytes} bytes; read ${readBytes}`;
}

/** What a rank reads from the others for a token. */
export function readBytesOf(planned: readonly PlannedCall[]): number {
  return planned.reduce((sum, call) => sum + call.readBytes, 0);
}

function sizesOf({ collective, length, counts }: PlannedCollective): CollectiveSizes {
  return { collective, length, counts };
}

/** Equal where the calls are: kinds and bytes, in order. */
function callsOf(calls: readonly Pick<PlannedCall, 'kind' | 'bytes'>[]): string {
  return calls.map(({ kind, bytes }) => `${kind} ${bytes}`).join();
}
