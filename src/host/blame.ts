/** Who is to blame where a call fails: each rank that was freed by another has an error too. */

import { LabError } from '../base/errors.ts';

/** Of its input; a group outlives it where all ranks refuse alike. */
export function isRefusal(thrown: unknown): thrown is LabError {
  return thrown instanceof LabError && thrown.code === 'input';
}

/** In rank order, of the errors by rank, those of ranks that are themselves to blame, and were not merely freed. */
export function ownErrors(errors: ReadonlyMap<number, unknown>): LabError[] {
  const byRank = [...errors].sort(([a], [b]) => a - b);
  return byRank.flatMap(([rank, error]) =>
    error instanceof LabError && (error.rank ?? rank) === rank ? [error] : [],
  );
}

/** The refusal of one rank, and who did not refuse. */
export function disagreement(
  refusal: LabError,
  errors: ReadonlyMap<number, unknown>,
  worldSize: number,
): LabError {
  const refused = (rank: number): boolean => ownErrors(errors).includes(errors.get(rank) as LabError);
  const ranks = Array.from({ length: worldSize }, (_, rank) => rank);
  const [who = 0] = ranks.filter(refused);
  const other = ranks.find((rank) => !refused(rank));
  const why =
    other === undefined
      ? 'The ranks refused at different points of the call'
      : `Rank ${who} refused this and rank ${other} did not`;
  const message = `${refusal.message} ${why}, so the group was closed.`;
  return new LabError('input', message, { rank: who, cause: refusal });
}
