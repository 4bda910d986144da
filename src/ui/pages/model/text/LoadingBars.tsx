import type { RankLoading } from '#lab/model/state.ts';
import { RankBadge } from '#ui/components/Panel.tsx';
import { formatBytes } from '#ui/format.ts';
import { doingText, readText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import css from './text.module.css';

/** How far each rank is with its own part of the weights. */
export function LoadingBars() {
  const loading = useModel((state) => state.loading);
  const doing = useModel((state) => state.doing);
  const ranks = useModel((state) => state.started);
  return (
    <div className={`quiet stack gap-2 ${css['loading']}`}>
      <p>
        {doingText(doing ?? 'reading', ranks)}. {readText(loading ?? [])}
      </p>
      {loading?.map((own, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
        <LoadingBar key={rank} rank={rank} {...own} />
      ))}
    </div>
  );
}

function LoadingBar(own: RankLoading & { readonly rank: number }) {
  const { rank, bytes, totalBytes, shardBytes, failure } = own;
  const share = totalBytes > 0 ? Math.min(1, bytes / totalBytes) : 0;
  return (
    <div className={`stack middle gap-3 ${css['rank-loading']}`} data-rank={rank}>
      <RankBadge rank={rank} />
      <div
        className={css['bar']}
        role="progressbar"
        aria-label={`Rank ${rank}`}
        aria-valuenow={Math.round(100 * share)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${100 * share}%` }} />
      </div>
      <span className="num">
        {formatBytes(bytes)} of {formatBytes(totalBytes)}
      </span>
      <small>{failure ?? `for a shard of ${formatBytes(shardBytes)}; ${timeLeft(own)}`}</small>
    </div>
  );
}

/** "12 MiB/s, 8 s left" */
function timeLeft({ bytes, keptBytes, totalBytes, bytesPerSecond, done }: RankLoading): string {
  if (done) return keptBytes === bytes ? 'all there, from this browser' : 'all there';
  if (bytesPerSecond === null) return 'begins';
  const seconds = Math.ceil((totalBytes - bytes) / bytesPerSecond);
  return `${formatBytes(bytesPerSecond)}/s, ${seconds} s left`;
}
