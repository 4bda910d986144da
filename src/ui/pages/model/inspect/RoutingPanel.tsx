import { listed } from '#base/shown.ts';
import type { RoutedMixture } from '#lab/model/inspected.ts';
import type { Inspected } from '#lab/model/state.ts';
import { lengthOf } from '#numerics/ranges.ts';
import { Panel, RankBadge } from '#ui/components/Panel.tsx';
import { counted, numberWord } from '#ui/components/words.ts';
import css from './routing.module.css';

/** Where the gate of the layer sent the token: which experts, with which weights, and which rank has them. */
export function RoutingPanel({ inspected: { pass, part } }: { readonly inspected: Inspected }) {
  const at = pass.parts[part]?.mixture ?? null;
  const mixture = at === null ? undefined : pass.mixtures[at];
  if (mixture === undefined) return null;
  const { chosen, experts } = mixture;
  const all = experts.reduce((sum, own) => sum + lengthOf(own), 0);
  const most = chosen[0]?.weight ?? 1;
  return (
    <Panel
      title="Where it was sent"
      hint={`${chosen.length} of ${counted(all, 'expert')}, by the gate of this layer`}
    >
      <div className={`stack one-column gap-3 pad-all ${css['routing']}`}>
        <ol aria-label="Experts of this token">
          {chosen.map(({ expert, rank, weight }) => (
            <li key={expert} data-rank={rank}>
              <RankBadge rank={rank} />
              <span>expert {expert}</span>
              <span className={`track ${css['track']}`}>
                <i style={{ width: `${(100 * weight) / most}%` }} />
              </span>
              <span className="num" title={String(weight)}>
                × {weight.toFixed(3)}
              </span>
            </li>
          ))}
        </ol>
        <AllExperts mixture={mixture} />
        <p>{sentenceOf(mixture)}</p>
      </div>
    </Panel>
  );
}

/** A cell an expert, in the colour of its rank: full where the token was sent there. */
function AllExperts({ mixture: { experts, chosen } }: { readonly mixture: RoutedMixture }) {
  const sent = new Set(chosen.map(({ expert }) => expert));
  const name = experts.map((own, rank) => `rank ${rank}: ${counted(lengthOf(own), 'expert')}`).join(', ');
  return (
    <div className={css['all']} role="img" aria-label={`All experts by rank: ${name}`}>
      {experts.map(({ start, end }, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rank is known by its number
        <span key={rank} className={css['owner']} data-rank={rank}>
          <RankBadge rank={rank} />
          <span className={css['cells']}>
            {Array.from({ length: end - start }, (_, i) => (
              <i
                // biome-ignore lint/suspicious/noArrayIndexKey: an expert is known by its number
                key={i}
                data-sent={sent.has(start + i) || undefined}
                title={`expert ${start + i}, on rank ${rank}`}
              />
            ))}
          </span>
        </span>
      ))}
    </div>
  );
}

/** "All 4 ranks have the gate, and came to the same choice, bit by bit. …" */
function sentenceOf({ experts, chosen, agreed }: RoutedMixture): string {
  if (experts.length === 1) return 'The one rank has the gate and all experts.';
  const gates = `All ${experts.length} ranks have the gate, and ${agreed ? 'came to the same choice, bit by bit' : '✗ did not come to the same choice'}.`;
  const busy = [...new Set(chosen.map(({ rank }) => rank))].sort((a, b) => a - b);
  const idle = experts.length - busy.length;
  const worked = `${busy.length === 1 ? 'Rank' : 'Ranks'} ${listed(busy.map(String))} ran what was chosen`;
  if (idle === 0) return `${gates} ${worked}; the all-reduce puts the outputs together.`;
  const others = idle === 1 ? 'the other one gave zeros' : `the other ${numberWord(idle)} gave zeros`;
  return `${gates} ${worked}; ${others} to the all-reduce that puts the outputs together.`;
}
