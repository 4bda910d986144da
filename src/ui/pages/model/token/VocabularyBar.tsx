import { lengthOf, ownerOf, type Range } from '#numerics/ranges.ts';
import { RankBadge } from '#ui/components/Panel.tsx';
import { formatCount } from '#ui/format.ts';
import css from './token.module.css';

interface VocabularyBarProps {
  /** By rank, its rows of the head. */
  readonly shares: readonly Range[];
  /** The token that came, and its text as it can be seen. */
  readonly id: number;
  readonly text: string;
}

/** The vocabulary in the colours of the ranks that have its rows of the head, and where the token that came is in it. */
export function VocabularyBar({ shares, id, text }: VocabularyBarProps) {
  const vocab = shares.at(-1)?.end ?? 0;
  const owner = ownerOf(shares, id);
  if (owner < 0) return null;
  const rows = shares.map((own, rank) => `rank ${rank} has ${rowsText(own)}`);
  return (
    <div className={css['vocabulary']}>
      <div
        className={css['vocabulary-bar']}
        role="img"
        aria-label={`The ${formatCount(vocab)} rows of the head: ${rows.join(', ')}; ${text} is row ${id}, of rank ${owner}`}
      >
        {shares.map((own, rank) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
            key={rank}
            data-rank={rank}
            data-owner={rank === owner || undefined}
            title={rows[rank]}
            style={{ width: `${(100 * lengthOf(own)) / vocab}%` }}
          >
            {rank}
          </i>
        ))}
        <b style={{ left: `${(100 * (id + 0.5)) / vocab}%` }} />
      </div>
      <p className="faint">
        <b className={css['name']}>{text}</b> came: row {id.toLocaleString('en')} of{' '}
        {vocab.toLocaleString('en')}, which rank <RankBadge rank={owner} /> has.
      </p>
    </div>
  );
}

/** "rows 256 to 511" */
function rowsText(own: Range): string {
  if (lengthOf(own) === 0) return 'none';
  return `rows ${own.start.toLocaleString('en')} to ${(own.end - 1).toLocaleString('en')}`;
}
