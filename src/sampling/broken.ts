/**
 * Logits that nothing can be drawn from. PyTorch's multinomial raises there, and its argmax gives the place of the NaN: to
 * leave them out would make a fluent text of a model whose numbers are broken.
 */

import { LabError } from '../base/errors.ts';
import { ownerOf, type Range } from '../numerics/ranges.ts';

/** −∞ is a logit, of a token that cannot come. */
function isBroken(logit: number): boolean {
  return !(logit < Number.POSITIVE_INFINITY);
}

/**
 * @param pieces of the vocabulary, by rank; none where nobody asks which
 * @throws LabError `input` where a logit is NaN or +∞, or all are −∞
 */
export function checkLogits(logits: Float32Array, pieces: readonly Range[] = []): void {
  let [broken, first, possible] = [0, -1, false];
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    if (logit > Number.NEGATIVE_INFINITY) possible = true;
    if (!isBroken(logit)) continue;
    if (broken === 0) first = id;
    broken++;
  }
  if (broken > 0) throw new LabError('input', brokenSentence(logits, first, broken, pieces));
  if (possible) return;
  throw new LabError('input', `All ${logits.length.toLocaleString('en')} logits are −∞: ${CAUSE}`);
}

const CAUSE = 'the model’s numbers are broken, in its checkpoint or by an overflow.';

function brokenSentence(
  logits: Float32Array,
  first: number,
  broken: number,
  pieces: readonly Range[],
): string {
  const value = Number.isNaN(logits[first]) ? 'NaN' : '+∞';
  const rank = pieces.length > 1 ? `, in rank ${ownerOf(pieces, first)}’s piece of the vocabulary` : '';
  const others =
    broken > 1
      ? `, the first of ${broken.toLocaleString('en')} among ${logits.length.toLocaleString('en')}`
      : '';
  return `The logit of token ${first} is ${value}${others}${rank}: ${CAUSE}`;
}
