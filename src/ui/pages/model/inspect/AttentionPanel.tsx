import { useState } from 'react';
import type { Inspected } from '#lab/model/state.ts';
import { Panel, RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { shownText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import { type AttentionHead, columnOf, headsOf } from './attentionHeads.ts';
import css from './inspect.module.css';

/** What each head of the layer looked at, in the colour of its rank. */
export function AttentionPanel({ inspected }: { readonly inspected: Inspected }) {
  const { attention, pass, part } = inspected;
  const tokens = useTokensTo(inspected);
  const [head, setHead] = useState<number | null>(null);
  if (pass.parts[part]?.attention == null) return <NoAttention />;
  const heads = attention === null ? [] : headsOf(attention);
  const chosen = heads.find(({ index }) => index === head) ?? null;
  const weights = columnOf(chosen === null ? heads : [chosen], tokens.length);
  const most = Math.max(...weights, Number.MIN_VALUE);
  return (
    <Panel
      title="What it looks at"
      hint={
        chosen === null ? 'all heads together; choose one' : `head ${chosen.index}, on rank ${chosen.rank}`
      }
    >
      <div className={css['attention']}>
        {attention === null ? (
          <p className={css['waiting']}>Asking the ranks for their heads …</p>
        ) : (
          <>
            <HeadChoice heads={heads} chosen={chosen?.index ?? null} onChoose={setHead} />
            <p className={css['looked']} data-rank={chosen?.rank}>
              {tokens.map((text, i) => (
                <span
                  // biome-ignore lint/suspicious/noArrayIndexKey: a token is known by its place
                  key={i}
                  style={
                    { '--share': `${Math.round((100 * (weights[i] ?? 0)) / most)}%` } as React.CSSProperties
                  }
                  title={`${shownText(text)}: ${(100 * (weights[i] ?? 0)).toFixed(1)} %`}
                >
                  {text}
                </span>
              ))}
            </p>
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
      <p className={css['waiting']}>This part has no attention. Choose a layer above.</p>
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

interface HeadMapProps {
  readonly heads: readonly AttentionHead[];
  readonly tokens: readonly string[];
  readonly chosen: number | null;
}

/** A row a head, a cell a token: darker where it looks more. */
function HeadMap({ heads, tokens, chosen }: HeadMapProps) {
  return (
    <>
      <p className={css['about']}>
        A row for each head, a column for each token, the first at the left: the stronger, the more.
      </p>
      <ScrollRegion label="Heads by tokens">
        <svg
          className={css['map']}
          viewBox={`0 0 ${tokens.length} ${heads.length}`}
          preserveAspectRatio="none"
          style={{ height: heads.length * 14 }}
          role="img"
          aria-label={`${heads.length} heads by ${tokens.length} tokens; the sentence above says the same of one head`}
        >
          {heads.map(({ index, rank, weights }, row) => (
            <g key={index} data-rank={rank} opacity={chosen === null || chosen === index ? 1 : 0.25}>
              <Cells weights={weights} row={row} />
            </g>
          ))}
        </svg>
      </ScrollRegion>
    </>
  );
}

/** By the head's own most: one that looks at much looks nowhere much. */
function Cells({ weights, row }: { readonly weights: Float32Array; readonly row: number }) {
  const most = Math.max(...weights, Number.MIN_VALUE);
  return [...weights].map((weight, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
    <rect key={i} x={i} y={row + 0.06} width={0.94} height={0.88} fillOpacity={shade(weight / most)} />
  ));
}

/** Of a cell, so that the least of them is still to be seen. */
function shade(share: number): number {
  return 0.06 + 0.94 * share;
}

/** The texts of all tokens up to the inspected one. */
function useTokensTo({ place, pass }: Inspected): string[] {
  const turns = useModel((state) => state.turns);
  const turn = turns[place.turn];
  if (turn === undefined) return [];
  const tokens = [...turn.given, ...turn.tokens.slice(0, place.index + 1)].slice(0, pass.position + 1);
  return tokens.map(({ text }) => text || '▫'); // what marks the turns of a talk has no text
}
