/** What each rank will say to the others for a token, or a context: predicted, to be held against what it said. */

import { type Carrier, carrierOf } from '../../collectives/algorithm.ts';
import { type CollectiveSizes, readsOf } from '../../collectives/work.ts';
import { bytesOf } from '../../numerics/dtype.ts';
import { sum } from '../../numerics/ranges.ts';
import { chunksOf } from '../../program/model.ts';
import { type CollectiveStep, type Program, stepsOf } from '../../program/program.ts';
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
 * @param program of a pass: what it costs beside, which takes longer to plan, is no matter here
 * @param wanted of the logits: of the largest k, each rank says 2·k + 1 floats, values, indices and a sum; see topK. Null
 *   where nothing is: more of the context comes behind this pass
 * @param asked how every all_reduce is made; on one device, where the ranks' tensors lie side by side, nobody reads what
 *   others sent
 */
export function passPlan(program: Program, wanted: Wanted | null, asked: Carrier | 'auto'): PlannedCall[][] {
  const { worldSize } = program;
  const inFull = stepsOf(program).filter((step) => step.kind === 'collective');
  const collectives = inFull.flatMap((step) => {
    const isOfLogits = step === inFull.at(-1) && step.collective === 'all_gather';
    if (!isOfLogits || wanted === 'all') return [step];
    if (wanted === null) return [];
    const counts = Array.from({ length: worldSize }, () => 2 * wanted + 1);
    return [{ ...step, length: sum(counts), counts }];
  });
  return Array.from({ length: worldSize }, (_, rank) =>
    collectives.map((step) => {
      const bytes = bytesOf(step.length, 'f32');
      const carrier = carrierOf(step.collective, bytes, worldSize, asked);
      const reads = carrier === 'one-device' ? 0 : readsOf(sizesOf(step), rank, carrier);
      return { kind: step.collective, bytes, readBytes: bytesOf(reads, 'f32') };
    }),
  );
}

/**
 * The same for a context of so many tokens, which is read in chunks.
 * @param programOf of a pass of so many tokens
 */
export function contextPlan(
  programOf: (tokens: number) => Program,
  tokens: number,
  wanted: Wanted,
  asked: Carrier | 'auto',
): PlannedCall[][] {
  const programs = new Map<number, Program>(); // of a long context all chunks but the last have one length
  const chunks = chunksOf(tokens).map(({ start, end }) => {
    const program = programs.get(end - start) ?? programOf(end - start);
    programs.set(end - start, program);
    return passPlan(program, end === tokens ? wanted : null, asked);
  });
  const worldSize = chunks[0]?.length ?? 0;
  return Array.from({ length: worldSize }, (_, rank) => chunks.flatMap((calls) => calls[rank] ?? []));
}

/** What of a pass was otherwise on a rank, in a sentence; null where nothing was. */
export function differenceFrom(
  planned: readonly PlannedCall[],
  { collectives, readBytes }: Spent,
): string | null {
  const [wanted, made] = [callsOf(planned), callsOf(collectives)];
  if (made !== wanted) return `planned ${wanted}; made ${made}`;
  const bytes = readBytesOf(planned);
  return bytes === readBytes ? null : `planned to read ${bytes} bytes; read ${readBytes}`;
}

/** What a rank reads from the others for it. */
export function readBytesOf(planned: readonly PlannedCall[]): number {
  return planned.reduce((sum, call) => sum + call.readBytes, 0);
}

function sizesOf({ collective, length, counts }: CollectiveStep): CollectiveSizes {
  return { collective, length, counts };
}

/** Equal where the calls are: kinds and bytes, in order. */
function callsOf(calls: readonly Pick<PlannedCall, 'kind' | 'bytes'>[]): string {
  return calls.map(({ kind, bytes }) => `${kind} ${bytes}`).join();
}
