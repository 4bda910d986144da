/** A rank's number on its colour: the number is the cue, the colour only helps. */
export function RankBadge({ rank }: { readonly rank: number }) {
  return (
    <span className="badge" data-rank={rank} title={`rank ${rank}`}>
      {rank}
    </span>
  );
}
