import type { ShownToken, TokenPlace } from '#lab/model/state.ts';
import { ownerOf } from '#numerics/ranges.ts';
import { vocabShares } from '#program/shares.ts';
import { RankBadge } from '#ui/components/Panel.tsx';
import { shownText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import css from './token.module.css';
import { VocabularyBar } from './VocabularyBar.tsx';

interface CandidatesProps {
  readonly place: TokenPlace;
  readonly token: ShownToken;
  readonly worldSize: number;
}

/** The likeliest tokens at this place, each with the rank that has its row of the head; one can be chosen to go on from. */
export function Candidates({ place, token, worldSize }: CandidatesProps) {
  const vocab = useModel((state) => state.folder?.model.vocab ?? 0);
  const shares = vocabShares(vocab, 1, worldSize).map(({ range }) => range);
  const choose = useModel((state) => state.choose);
  const { candidates, id } = token;
  const most = candidates[0]?.probability ?? 1;
  const isIn = candidates.some((one) => one.id === id);
  return (
    <div className={`stack one-column gap-2 ${css['candidates']}`}>
      <h3>What might have come</h3>
      <p className="faint">
        {worldSize > 1
          ? 'Each rank has the logits of its own part of the vocabulary; an all-gather brings together what is drawn from. '
          : ''}
        Choose another to go on from there.
      </p>
      {worldSize > 1 && <VocabularyBar shares={shares} id={id} text={shownText(token.text)} />}
      <ol>
        {candidates.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={`stack middle gap-2 small ${css['candidate']}`}
              aria-current={one.id === id || undefined}
              onClick={() => choose(place, one.id)}
              data-rank={ownerOf(shares, one.id)}
            >
              <RankBadge rank={ownerOf(shares, one.id)} />
              <span className={css['candidate-text']}>{shownText(one.text)}</span>
              <span className={`track ${css['track']}`}>
                <i data-part="computeMs" style={{ width: `${(100 * one.probability) / most}%` }} />
              </span>
              <span className="num">{percent(one.probability)}</span>
            </button>
          </li>
        ))}
      </ol>
      {!isIn && candidates.length > 0 && (
        <p className="faint">
          {shownText(token.text)} came, which is none of the {candidates.length} likeliest
          {token.chosen ? ': you chose it.' : ': it was drawn.'}
        </p>
      )}
    </div>
  );
}

/** 41 %, 3.2 %, 0.04 %, < 0.01 % */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.005) return '< 0.01 %';
  return `${value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : value.toFixed(2)} %`;
}
