import { useMemo, useState } from 'react';
import type { Inspected } from '#lab/model/state.ts';
import { Panel, RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { shownText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import { type AttentionHead, columnOf, headsOf } from './attentionHeads.ts';
import { HeadMap } from './HeadMap.tsx';
import css from './inspect.module.css';

/** What each head of the layer looked at, in the colour of its rank. */
export function AttentionPanel({ inspected }: { readonly inspected: Inspected }) {
  const { attention, pass, part } = inspected;
  const tokens = useTokensTo(inspected);
  const [head, setHead] = useState<number | null>(null);
  const heads = useMemo(() => (attention === null ? [] : headsOf(attention)), [attention]);
  if (pass.parts[part]?.attention == null) return <NoAttention />;
  const chosen = heads.find(({ index }) => index === head) ?? null;
  return (
    <Panel
      title="What it looks at"
      hint={
        chosen === null ? 'all heads together; choose one' : `head ${chosen.index}, on rank ${chosen.rank}`
      }
    >
      <div className={`stack one-column gap-3 pad-all ${css['attention']}`}>
        {attention === null ? (
          <p className={`ink3 small pad-all ${css['waiting']}`}>Asking the ranks for their heads …</p>
        ) : (
          <>
            <HeadChoice heads={heads} chosen={chosen?.index ?? null} onChoose={setHead} />
            <LookedAt heads={chosen === null ? heads : [chosen]} rank={chosen?.rank} tokens={tokens} />
            <HeadMap heads={heads} tokens={tokens} chosen={chosen?.index ?? null} />
          </>
        )}
      </div>
    </Panel>
  );
}

function NoAttention() {
  return (
    <Panel title="What it looks at" hint="the heads of a layer">
      <p className={`ink3 small pad-all ${css['waiting']}`}>
        This part has no attention. Choose a layer above.
      </p>
    </Panel>
  );
}

interface HeadChoiceProps {
  readonly heads: readonly AttentionHead[];
  readonly chosen: number | null;
  readonly onChoose: (head: number | null) => void;
}

/** A button a head, with the badge of its rank. */
function HeadChoice({ heads, chosen, onChoose }: HeadChoiceProps) {
  return (
    <fieldset className={css['heads']} aria-label="Heads">
      <button type="button" className="ghost" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        All
      </button>
      {heads.map(({ index, rank }) => (
        <button
          key={index}
          type="button"
          className="ghost"
          aria-pressed={chosen === index}
          aria-label={`Head ${index}, on rank ${rank}`}
          onClick={() => onChoose(index)}
        >
          <RankBadge rank={rank} /> {index}
        </button>
      ))}
    </fieldset>
  );
}

interface LookedAtProps {
  readonly heads: readonly AttentionHead[];
  /** Whose colour it has; of all of them none. */
  readonly rank: number | undefined;
  readonly tokens: readonly string[];
}

/** The text, each token the stronger the more these heads look at it. */
function LookedAt({ heads, rank, tokens }: LookedAtProps) {
  const weights = columnOf(heads, tokens.length);
  const most = Math.max(...weights, Number.MIN_VALUE);
  return (
    <ScrollRegion label="The text it looks at" className={css['looked']}>
      <p data-rank={rank}>
        {tokens.map((text, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is known by its place
            key={i}
            style={{ '--share': `${Math.round((100 * (weights[i] ?? 0)) / most)}%` } as React.CSSProperties}
            title={`${shownText(text)}: ${(100 * (weights[i] ?? 0)).toFixed(1)} %`}
          >
            {text}
          </span>
        ))}
      </p>
    </ScrollRegion>
  );
}

/** The texts of all tokens up to the inspected one. */
function useTokensTo({ place, pass }: Inspected): string[] {
  const turns = useModel((state) => state.turns);
  const turn = turns[place.turn];
  if (turn === undefined) return [];
  const tokens = [...turn.given, ...turn.tokens.slice(0, place.index + 1)].slice(0, pass.position + 1);
  return tokens.map(({ text }) => text || '▫'); // what marks the turns of a talk has no text
}
