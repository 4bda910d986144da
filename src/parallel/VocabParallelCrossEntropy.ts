import type { Tensor } from '../device/device.ts';
import type { VocabShare } from '../math/plans/shares.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { localIds } from './VocabParallelEmbedding.ts';

/**
 * −log softmax(logits)[target] from logits that stay cut along the vocabulary: the largest, the target's and the sum of
 * exponentials are each one allReduce of a number a token, in place of an allGather of `vocab` numbers a token. As
 * Megatron-LM's `vocab_parallel_cross_entropy`.
 */
export async function vocabParallelCrossEntropy(
  context: ParallelContext,
  logits: Tensor, // [T, vocab/p]
  targets: readonly number[],
  share: VocabShare,
  vocab: number,
): Promise<Tensor> {
  const { device } = context;
  const ids = localIds(targets, share, vocab); // first, since it may refuse them
  const max = device.rowMax(logits); // [T]
  await allReduce(context, max, { op: 'max' });

  const local = device.tensor(ids, [targets.length]);
  const target = device.pick(logits, local); // [T], 0 where another rank has it
  await allReduce(context, target);

  const sum = device.sumExp(logits, max); // [T]
  await allReduce(context, sum);

  const [maxima, chosen, sums] = [await device.read(max), await device.read(target), await device.read(sum)];
  const loss = sums.map((value, i) => Math.log(value) + (maxima[i] as number) - (chosen[i] as number));
  device.free(max, local, target, sum);
  return device.tensor(loss, [targets.length]);
}
