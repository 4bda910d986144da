import { Panel, RankBadge } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { formatFlops } from '#ui/format.ts';
import { type BlockFound, block } from '../chapters/block.ts';
import look from './block.module.css';
import css from './picture.module.css';
import { useChapter } from './useChapter.ts';

/** A block as a row of stages with its collectives between them, the heads of each rank, and the work of the mixture. */
export function BlockPicture() {
  const { found, given } = useChapter(block);
  if (given === null) return null;
  return (
    <div className={`gap-3 ${css['stack']}`}>
      <Panel
        title={`One block of ${given.label}, on ${given.ranks} ranks`}
        hint={found === null ? 'what lies between its stages?' : 'a small copy of it, as the ranks ran it'}
      >
        {found === null ? (
          <p className={css['open']}>x → attention → + → MLP → + → y</p>
        ) : (
          <Strip found={found} />
        )}
      </Panel>
      <div className={css['side-by-side']}>
        <Panel title="Key/value heads" hint={`${given.kvHeads} heads, ${given.ranks} ranks`}>
          <ul className={`stack pad-all unmarked ${look['heads']}`}>
            {Array.from({ length: given.ranks }, (_, rank) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
              <li key={rank}>
                <RankBadge rank={rank} />
                <span className="num">{found?.heads[rank] ?? '?'}</span>
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title="A mixture of experts" hint="Mixtral’s, 8 experts, 4 ranks: FLOP a rank">
          <Work flops={found?.flops ?? null} />
        </Panel>
      </div>
    </div>
  );
}

/** The stages of the plan in order; a collective is a band across all ranks. */
function Strip({ found: { plan } }: { readonly found: BlockFound }) {
  return (
    <ol className={`row pad-all unmarked ${look['strip']}`}>
      {plan.stages.map(({ title, steps }, index) => {
        const collective = steps.find((step) => step.kind === 'collective');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stages of a plan never change places
          <li key={index} data-collective={collective === undefined ? undefined : ''}>
            {collective === undefined ? <Defined text={title} /> : collective.collective.replace('_', '-')}
          </li>
        );
      })}
    </ol>
  );
}

function Work({ flops }: { readonly flops: readonly number[] | null }) {
  const most = Math.max(1, ...(flops ?? [1]));
  return (
    <ul className={`stack pad-all unmarked ${look['work']}`}>
      {Array.from({ length: flops?.length ?? 4 }, (_, rank) => {
        const own = flops?.[rank];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
          <li key={rank} data-rank={rank}>
            <RankBadge rank={rank} />
            <span className={look['bar']}>
              <span style={{ width: `${own === undefined ? 0 : (100 * own) / most}%` }} />
            </span>
            <span className="num">{own === undefined ? '?' : formatFlops(own)}</span>
          </li>
        );
      })}
    </ul>
  );
}
