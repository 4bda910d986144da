import { Panel } from '#ui/components/Panel.tsx';
import { shownText } from '../lead/words.ts';
import { useLooked, useModel, useReady } from '../useModel.ts';
import { Candidates } from './Candidates.tsx';
import { ReadStrips } from './ReadStrips.tsx';
import { SpentStrips } from './SpentStrips.tsx';
import css from './token.module.css';

/** The token that one looks at: where its time went on each rank, and what might have come in its place. */
export function TokenPanel() {
  const looked = useLooked();
  const worldSize = useModel((state) => state.loaded?.worldSize ?? null);
  const ready = useReady();
  const inspect = useModel((state) => state.inspect);
  if (looked === null || worldSize === null) {
    return (
      <Panel title="The token">
        <p className="ink3 small pad-all">
          Once the model writes, this tells of the token under the pointer: where its time went on each rank,
          and which others might have come.
        </p>
      </Panel>
    );
  }
  const { place, token } = looked;
  const takeApart = ready ? () => inspect(place) : null;
  return (
    <Panel
      title="The token"
      hint={
        <>
          <b className={css['name']}>{shownText(token.text)}</b>, number {place.index + 1}
          {token.chosen ? ', chosen by you' : ''}
        </>
      }
      action={
        <button
          type="button"
          className="ghost"
          disabled={takeApart === null}
          onClick={takeApart ?? undefined}
        >
          Take it apart
        </button>
      }
    >
      <div className={css['two']}>
        <div className={css['times']}>
          <SpentStrips spent={token.spent} onInspect={takeApart} />
          {token.read !== null && <ReadStrips read={token.read} isPrompt={place.index === 0} />}
        </div>
        <Candidates place={place} token={token} worldSize={worldSize} />
      </div>
    </Panel>
  );
}
